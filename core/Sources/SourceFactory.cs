namespace Quiver.Core.Sources;

/// <summary>Opens sources of every kind.</summary>
public interface ISourceFactory
{
    /// <summary>Validates a spec and opens the source that it names, without reading it.</summary>
    /// <param name="spec">The source.</param>
    /// <param name="cancellationToken">Stops opening.</param>
    /// <exception cref="InvalidRequestException">
    /// With <see cref="ErrorCodes.PathNotFound"/>, <see cref="ErrorCodes.PathNotAllowed"/> or <see cref="ErrorCodes.InvalidOption"/>.
    /// </exception>
    Task<IDocumentSource> OpenAsync(SourceSpec spec, CancellationToken cancellationToken = default);

    /// <summary>The spec with relative paths and defaults resolved: it means the same after a restart.</summary>
    /// <param name="spec">The source as given.</param>
    SourceSpec Normalize(SourceSpec spec);
}

/// <summary>Opens sources of one kind. Registering one adds its kind.</summary>
public interface ISourceProvider
{
    /// <summary>The <see cref="SourceSpec.Kind"/> that it opens.</summary>
    string Kind { get; }

    /// <inheritdoc cref="ISourceFactory.OpenAsync"/>
    Task<IDocumentSource> OpenAsync(SourceSpec spec, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="ISourceFactory.Normalize"/>
    SourceSpec Normalize(SourceSpec spec);
}

/// <summary>Passes each source to the provider of its kind.</summary>
public sealed class SourceFactory : ISourceFactory
{
    private readonly Dictionary<string, ISourceProvider> _providers;

    /// <summary>Creates the factory.</summary>
    /// <param name="providers">One for each kind.</param>
    public SourceFactory(IEnumerable<ISourceProvider> providers) =>
        _providers = providers.ToDictionary(provider => provider.Kind, StringComparer.Ordinal);

    /// <inheritdoc/>
    public Task<IDocumentSource> OpenAsync(SourceSpec spec, CancellationToken cancellationToken = default) => Provider(spec).OpenAsync(spec, cancellationToken);

    /// <inheritdoc/>
    public SourceSpec Normalize(SourceSpec spec) => Provider(spec).Normalize(spec);

    private ISourceProvider Provider(SourceSpec spec) => _providers.TryGetValue(spec.Kind, out var provider)
        ? provider
        : throw new InvalidRequestException(
            ErrorCodes.InvalidOption,
            $"The source kind '{spec.Kind}' is unknown; use {string.Join(" or ", _providers.Keys.Order(StringComparer.Ordinal).Select(kind => $"'{kind}'"))}.");
}
