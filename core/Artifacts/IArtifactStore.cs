namespace Quiver.Core.Artifacts;

/// <summary>Stores the files that jobs produce: reports, failed documents, pages. Thread-safe.</summary>
public interface IArtifactStore
{
    /// <summary>The maximum number of artifacts in a page of <see cref="ListAsync"/>.</summary>
    const int MaxPage = 1_000;

    /// <summary>Writes an artifact atomically, replacing one of the same name.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="write">Writes the bytes, once and in order; the store owns the stream.</param>
    /// <param name="cancellationToken">Stops the write; nothing is changed then.</param>
    /// <exception cref="QuiverException">It cannot be stored.</exception>
    Task<ArtifactInfo> PutAsync(ArtifactName name, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken = default);

    /// <summary>Opens an artifact; null when there is none. The caller disposes it.</summary>
    /// <exception cref="QuiverException">It cannot be read.</exception>
    Task<ArtifactContent?> OpenAsync(ArtifactName name, CancellationToken cancellationToken = default);

    /// <summary>
    /// Creates a link under which anyone can fetch the artifact for a limited time: absolute, or relative to the server if the server
    /// answers it. Does not check whether the artifact exists.
    /// </summary>
    /// <param name="name">Its name.</param>
    /// <param name="expires">When the link expires, UTC; at most seven days ahead.</param>
    /// <param name="cancellationToken">Stops the request.</param>
    Task<Uri> LinkAsync(ArtifactName name, DateTimeOffset expires, CancellationToken cancellationToken = default);

    /// <summary>Returns the artifact's location: a path or an <c>s3://</c> address.</summary>
    string Locate(ArtifactName name);

    /// <summary>Returns a page of the artifacts in a folder and below it.</summary>
    /// <param name="folder">The prefix of the names, up to and including a slash.</param>
    /// <param name="after">The previous page's <see cref="ArtifactPage.Next"/>; null for the first.</param>
    /// <param name="limit">1 to <see cref="MaxPage"/>.</param>
    /// <param name="cancellationToken">Stops the request.</param>
    Task<ArtifactPage> ListAsync(string folder, string? after = null, int limit = MaxPage, CancellationToken cancellationToken = default);

    /// <summary>Deletes everything in a folder and below it, if it exists.</summary>
    /// <param name="folder">The prefix of the names, up to and including a slash.</param>
    /// <param name="cancellationToken">Stops between artifacts.</param>
    /// <exception cref="QuiverException">Something cannot be deleted.</exception>
    Task DeleteFolderAsync(string folder, CancellationToken cancellationToken = default);
}

/// <summary>A stored artifact.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Bytes">Its length in bytes.</param>
/// <param name="At">When it was written, UTC.</param>
public sealed record ArtifactInfo(ArtifactName Name, long Bytes, DateTimeOffset At);

/// <summary>A page of artifacts.</summary>
/// <param name="Items">By name, compared ordinally.</param>
/// <param name="Next">The token of the next page; null on the last.</param>
public sealed record ArtifactPage(ImmutableArray<ArtifactInfo> Items, string? Next);

/// <summary>An open artifact.</summary>
/// <param name="Content">Its content; disposing the record disposes it.</param>
/// <param name="Bytes">Its length in bytes.</param>
public sealed record ArtifactContent(Stream Content, long Bytes) : IAsyncDisposable
{
    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Content.DisposeAsync();
}
