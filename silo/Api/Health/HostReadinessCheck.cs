namespace Quiver.Silo.Api.Health;

/// <summary>Ready between the end of the start and the beginning of the drain.</summary>
internal sealed class HostReadinessCheck(IHostApplicationLifetime lifetime) : IReadinessCheck
{
    public string Name => "host";

    public ValueTask<string?> FindFaultAsync(CancellationToken cancellationToken) => ValueTask.FromResult(
        lifetime.ApplicationStopping.IsCancellationRequested ? "The server is draining."
        : lifetime.ApplicationStarted.IsCancellationRequested ? null
        : "The server is starting.");
}
