using Microsoft.Extensions.Options;
using Orleans;

namespace Quiver.Client.Cluster;

/// <summary>Waits at the start until the database and a silo answer, as long as the options say.</summary>
internal sealed class GatewayPatience(IOptions<QuiverClusterClientOptions> options, TimeProvider time) : IClientConnectionRetryFilter
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly long _since = time.GetTimestamp();

    public async Task<bool> ShouldRetryConnectionAttempt(Exception exception, CancellationToken cancellationToken)
    {
        if (time.GetElapsedTime(_since) >= options.Value.ConnectTimeout)
        {
            return false;
        }

        await Task.Delay(Pause, time, cancellationToken);
        return true;
    }
}
