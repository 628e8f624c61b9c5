namespace Quiver.Core.Sources;

/// <summary>Opens sources of every kind.</summary>
public interface ISourceFactory
{
    /// <summary>Checks a spec and opens what it names, without reading it.</summary>
    /// <param name="spec">The source.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="InvalidRequestException">
    /// With <see cref="ErrorCodes.PathNotFound"/>, <see cref="ErrorCodes.PathNotAllowed"/> or <see cref="ErrorCodes.InvalidOption"/>.
    /// </exception>
    Task<IDocumentSource> OpenAsync(SourceSpec spec, CancellationToken cancellationToken = default);

    /// <summary>The spec with everything that depends on the caller's place resolved (absolute paths), so that it means the same after a restart.</summary>
    /// <param name="spec">The source as given.</param>
    SourceSpec Normalize(SourceSpec spec);
}
