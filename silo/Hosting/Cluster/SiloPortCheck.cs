using Microsoft.Extensions.Options;

namespace Quiver.Silo.Hosting.Cluster;

/// <summary>Keeps a silo from starting on ports that are taken. To be added before the silo.</summary>
internal sealed class SiloPortCheck(IOptions<ClusterOptions> options) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        SiloEndpoint.RequireFree(options.Value);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
