namespace Quiver.Core.Sources;

/// <summary>Opens sources of one kind.</summary>
public interface ISourceProvider
{
    /// <summary>The <see cref="SourceSpec.Kind"/> that it opens.</summary>
    string Kind { get; }

    /// <inheritdoc cref="ISourceFactory.OpenAsync"/>
    Task<IDocumentSource> OpenAsync(SourceSpec spec, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="ISourceFactory.Normalize"/>
    SourceSpec Normalize(SourceSpec spec);
}
