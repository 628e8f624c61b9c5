namespace Quiver.Silo.Api.Health;

/// <summary>Something that must be in order before requests are sent here. Thread-safe; asked at every probe, so it must be quick.</summary>
public interface IReadinessCheck
{
    /// <summary>A short name, such as <c>model</c>.</summary>
    string Name { get; }

    /// <summary>Why not ready, in a sentence without secrets or paths; null when all is well.</summary>
    /// <param name="cancellationToken">Gives up; cancelled after five seconds.</param>
    ValueTask<string?> FindFaultAsync(CancellationToken cancellationToken);
}
