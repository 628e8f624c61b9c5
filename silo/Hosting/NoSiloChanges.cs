namespace Quiver.Silo.Hosting;

/// <summary>A silo without others.</summary>
internal sealed class NoSiloChanges : ISiloChanges
{
    public Task WaitAsync(CancellationToken cancellationToken) => Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
}
