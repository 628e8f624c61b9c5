using Microsoft.Extensions.Options;
using Quiver.Core.Jobs;
using Quiver.Grains.Jobs;

namespace Quiver.Silo.Hosting;

/// <summary>Lets jobs finish their batches in flight and checkpoint while all grains still run: registered after the silo, stopped before it.</summary>
internal sealed class JobDrainer(JobLifetime lifetime, IOptions<JobOptions> options, TimeProvider time, ILogger<JobDrainer> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        try
        {
            await lifetime.DrainAsync(options.Value.DrainTimeout, time, cancellationToken);
        }
        catch (TimeoutException exception)
        {
            // The next silo repeats what is in flight. Waiting without a limit would only end in a kill.
            HostingLog.NotStopped(logger, exception, nameof(JobDrainer));
        }
    }
}
