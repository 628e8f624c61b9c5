using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Runtime;

namespace Quiver.Client.Cluster;

/// <summary>Waits at the start until a silo answers, as long as the options say.</summary>
internal sealed class GatewayPatience(IOptions<QuiverClusterClientOptions> options, TimeProvider time) : IClientConnectionRetryFilter
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly long _since = time.GetTimestamp();

    public async Task<bool> ShouldRetryConnectionAttempt(Exception exception, CancellationToken cancellationToken)
    {
        if (exception is not OrleansException || time.GetElapsedTime(_since) >= options.Value.ConnectTimeout)
        {
            return false;
        }

        await Task.Delay(Pause, time, cancellationToken);
        return true;
    }
}
