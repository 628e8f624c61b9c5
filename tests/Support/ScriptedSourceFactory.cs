using System.Collections.Concurrent;
using Quiver.Core.Sources;

namespace Quiver.Tests.Support;

/// <summary>Opens the sources that a test named by their path.</summary>
internal sealed class ScriptedSourceFactory : ISourceFactory
{
    public ConcurrentDictionary<string, ScriptedSource> Sources { get; } = new(StringComparer.Ordinal);

    /// <summary>Asked each time before a source is opened; what it gives is thrown.</summary>
    public Func<Exception?>? Fault { get; set; }

    public Task<IDocumentSource> OpenAsync(SourceSpec spec, CancellationToken cancellationToken = default)
    {
        if (Fault?.Invoke() is { } fault)
        {
            throw fault;
        }

        return Sources.TryGetValue(spec.Paths[0], out var source)
            ? Task.FromResult<IDocumentSource>(source)
            : throw new InvalidRequestException(ErrorCodes.PathNotFound, $"There is no {spec.Paths[0]}.");
    }

    public SourceSpec Normalize(SourceSpec spec) => spec with { Paths = [.. spec.Paths] };
}
