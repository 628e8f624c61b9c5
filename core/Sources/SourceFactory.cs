namespace Quiver.Core.Sources;

/// <summary>Hands each source to the provider of its kind.</summary>
public sealed class SourceFactory : ISourceFactory
{
    private readonly Dictionary<string, ISourceProvider> _providers;

    /// <summary>Creates the factory.</summary>
    /// <param name="providers">One for each kind.</param>
    public SourceFactory(IEnumerable<ISourceProvider> providers) =>
        _providers = providers.ToDictionary(provider => provider.Kind, StringComparer.Ordinal);

    /// <inheritdoc/>
    public Task<IDocumentSource> OpenAsync(SourceSpec spec, CancellationToken cancellationToken = default) =>
        Provider(spec).OpenAsync(spec, cancellationToken);

    /// <inheritdoc/>
    public SourceSpec Normalize(SourceSpec spec) => Provider(spec).Normalize(spec);

    private ISourceProvider Provider(SourceSpec spec) => _providers.TryGetValue(spec.Kind, out var provider)
        ? provider
        : throw new InvalidRequestException(
            ErrorCodes.InvalidOption,
            $"The source kind '{spec.Kind}' is unknown; use {string.Join(" or ", _providers.Keys.Order(StringComparer.Ordinal).Select(kind => $"'{kind}'"))}.");
}
