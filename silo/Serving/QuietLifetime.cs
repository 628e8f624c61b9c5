namespace Quiver.Silo.Serving;

/// <summary>Leaves signals to <see cref="QuiverServer"/>, so that starting a server inside another program does not take them over.</summary>
internal sealed class QuietLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
