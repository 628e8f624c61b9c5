namespace Quiver.Core.Artifacts;

/// <summary>Keeps what jobs leave behind for people: reports, failed documents, pages. Thread-safe.</summary>
public interface IArtifactStore
{
    /// <summary>The most artifacts in a page of <see cref="ListAsync"/>.</summary>
    const int MaxPage = 1_000;

    /// <summary>Writes an artifact, replacing one of the same name; it is there as a whole or not at all.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="write">Writes the bytes, once and in order; the stream is the store's.</param>
    /// <param name="cancellationToken">Gives up; nothing is changed then.</param>
    /// <exception cref="QuiverException">It cannot be stored.</exception>
    Task<ArtifactInfo> PutAsync(ArtifactName name, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken = default);

    /// <summary>Opens an artifact; null when there is none. The caller disposes it.</summary>
    /// <exception cref="QuiverException">It cannot be read.</exception>
    Task<ArtifactContent?> OpenAsync(ArtifactName name, CancellationToken cancellationToken = default);

    /// <summary>
    /// An address under which anybody who has it may fetch the artifact for a while: absolute, or relative to the server when it is the one that
    /// answers there. It is not checked whether the artifact exists.
    /// </summary>
    /// <param name="name">Its name.</param>
    /// <param name="expires">When the address ends to work, UTC; at most seven days ahead.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<Uri> LinkAsync(ArtifactName name, DateTimeOffset expires, CancellationToken cancellationToken = default);

    /// <summary>Where an artifact lies, for people: a path, or an <c>s3://</c> address.</summary>
    string Locate(ArtifactName name);

    /// <summary>A page of the artifacts in a folder and below it.</summary>
    /// <param name="folder">What the names begin with, up to and including a slash.</param>
    /// <param name="after">The page before's <see cref="ArtifactPage.Next"/>; null for the first.</param>
    /// <param name="limit">1 to <see cref="MaxPage"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<ArtifactPage> ListAsync(string folder, string? after = null, int limit = MaxPage, CancellationToken cancellationToken = default);

    /// <summary>Deletes everything in a folder and below it; one that does not exist changes nothing.</summary>
    /// <param name="folder">What the names begin with, up to and including a slash.</param>
    /// <param name="cancellationToken">Stops between artifacts.</param>
    /// <exception cref="QuiverException">Something cannot be deleted.</exception>
    Task DeleteFolderAsync(string folder, CancellationToken cancellationToken = default);
}

/// <summary>An artifact that is there.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="At">When it was written, UTC.</param>
public sealed record ArtifactInfo(ArtifactName Name, long Bytes, DateTimeOffset At);

/// <summary>A page of artifacts.</summary>
/// <param name="Items">By name, compared ordinally.</param>
/// <param name="Next">What to go on after; null on the last page.</param>
public sealed record ArtifactPage(ImmutableArray<ArtifactInfo> Items, string? Next);

/// <summary>An opened artifact.</summary>
/// <param name="Content">Its bytes; disposing the record disposes it.</param>
/// <param name="Bytes">How many they are.</param>
public sealed record ArtifactContent(Stream Content, long Bytes) : IAsyncDisposable
{
    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Content.DisposeAsync();
}
