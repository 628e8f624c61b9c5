using Amazon.S3;
using Amazon.S3.Model;
using Microsoft.Extensions.Options;
using Quiver.Adapters.Storage.S3;
using Quiver.Core.Artifacts;

namespace Quiver.Adapters.Artifacts;

/// <summary>Artifacts as objects of a bucket.</summary>
internal sealed class S3ArtifactStore(IOptions<ArtifactOptions> options, S3Connection connection, S3Requests requests, TimeProvider time) : IArtifactStore
{
    private const int BufferBytes = 1 << 16;
    private readonly string _bucket = options.Value.Bucket;
    private readonly string _prefix = options.Value.Prefix;

    public Task<ArtifactInfo> PutAsync(ArtifactName name, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken = default) =>
        AskAsync(async () =>
        {
            // An object is stored with its length and may have to be sent again; a file on the way keeps memory out of both.
            await using var file = new FileStream(Path.GetTempFileName(), FileMode.Create, FileAccess.ReadWrite, FileShare.None, BufferBytes, FileOptions.DeleteOnClose | FileOptions.Asynchronous);
            await write(file, cancellationToken);
            await file.FlushAsync(cancellationToken);
            await requests.SendAsync(
                token =>
                {
                    file.Position = 0;
                    var request = new PutObjectRequest { BucketName = _bucket, Key = Key(name), InputStream = file, AutoCloseStream = false, ContentType = name.ContentType };
                    return connection.Client.PutObjectAsync(request, token);
                },
                Locate(name),
                file.Length,
                cancellationToken);
            return new ArtifactInfo(name, file.Length, time.GetUtcNow());
        });

    public Task<ArtifactContent?> OpenAsync(ArtifactName name, CancellationToken cancellationToken = default) => AskAsync<ArtifactContent?>(async () =>
    {
        try
        {
            var found = await requests.FindAsync(_bucket, Key(name), requests.Waits(), cancellationToken);
            return new ArtifactContent(new ObjectContentStream(new S3ObjectStream(requests, found, 0, requests.Waits())), found.Size);
        }
        catch (S3Exception e) when (e.Fault.Kind == S3FaultKind.Gone)
        {
            return null;
        }
    });

    public async Task<Uri> LinkAsync(ArtifactName name, DateTimeOffset expires, CancellationToken cancellationToken = default) => new(await connection.Client.GetPreSignedURLAsync(new GetPreSignedUrlRequest
    {
        BucketName = _bucket,
        Key = Key(name),
        Verb = HttpVerb.GET,
        Expires = expires.UtcDateTime,
        Protocol = requests.Options.Endpoint?.Scheme == "http" ? Protocol.HTTP : Protocol.HTTPS,
    }));

    public string Locate(ArtifactName name) => new S3Address(_bucket, Key(name)).ToString();

    public Task<ArtifactPage> ListAsync(string folder, string? after = null, int limit = IArtifactStore.MaxPage, CancellationToken cancellationToken = default) => AskAsync(async () =>
    {
        ArtifactName.Parse(folder + "x");
        var page = await requests.ListAsync(_bucket, _prefix + folder, after is null ? null : _prefix + after, limit, requests.Waits(), cancellationToken);
        var items = page.Objects
            .Where(found => ArtifactName.TryParse(found.Key[_prefix.Length..], out _))
            .Select(found => new ArtifactInfo(ArtifactName.Parse(found.Key[_prefix.Length..]), found.Size, found.At))
            .ToImmutableArray();
        return new ArtifactPage(items, page.HasMore ? page.Objects[^1].Key[_prefix.Length..] : null);
    });

    public async Task DeleteFolderAsync(string folder, CancellationToken cancellationToken = default)
    {
        string? after = null;
        do
        {
            var page = await ListAsync(folder, after, IArtifactStore.MaxPage, cancellationToken);
            foreach (var artifact in page.Items)
            {
                await AskAsync(() => requests.SendAsync(token => connection.Client.DeleteObjectAsync(_bucket, Key(artifact.Name), token), Locate(artifact.Name), 0, cancellationToken));
            }

            after = page.Next;
        }
        while (after is not null);
    }

    private static async Task<T> AskAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (S3Exception e)
        {
            throw e.Fault.ToException();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PermanentException(ErrorCodes.StorageUnavailable, $"The artifact cannot be prepared in '{Path.GetTempPath()}': {e.Message}", e);
        }
    }

    private string Key(ArtifactName name) => _prefix + name.Value;
}
