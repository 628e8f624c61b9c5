using System.Collections.Concurrent;
using Quiver.Pipeline.Sources;

namespace Quiver.Tests.Support;

/// <summary>Opens the sources that a test named by their path.</summary>
internal sealed class ScriptedSourceFactory : ISourceFactory
{
    public ConcurrentDictionary<string, ScriptedSource> Sources { get; } = new(StringComparer.Ordinal);

    /// <summary>What the next openings fail with, one after another; null lets one pass.</summary>
    public ConcurrentQueue<QuiverException?> Faults { get; } = new();

    public Task<IDocumentSource> OpenAsync(SourceSpec spec, CancellationToken cancellationToken = default) =>
        Faults.TryDequeue(out var fault) && fault is not null
            ? throw fault
            : Sources.TryGetValue(spec.Paths[0], out var source)
            ? Task.FromResult<IDocumentSource>(source)
            : throw new InvalidRequestException(ErrorCodes.PathNotFound, $"There is no {spec.Paths[0]}.");

    public SourceSpec Normalize(SourceSpec spec) => spec with { Paths = [.. spec.Paths] };
}
