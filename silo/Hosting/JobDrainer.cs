using Microsoft.Extensions.Options;
using Quiver.Core.Jobs;
using Quiver.Grains.Jobs;

namespace Quiver.Silo.Hosting;

/// <summary>
/// Lets the silo's jobs finish their batches in flight and checkpoint while the silo is still whole: registered after it, stopped before it.
/// </summary>
internal sealed class JobDrainer(JobLifetime lifetime, IOptions<JobOptions> options, TimeProvider time, ILogger<JobDrainer> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        try
        {
            await lifetime.DrainAsync(options.Value.DrainTimeout, time, cancellationToken);
        }
        catch (TimeoutException e)
        {
            // What is in flight is done again by the next silo; to wait for ever would only be killed.
            HostingLog.NotStopped(logger, e, nameof(JobDrainer));
        }
    }
}
