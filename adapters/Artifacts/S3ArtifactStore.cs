using Amazon.S3;
using Amazon.S3.Model;
using Microsoft.Extensions.Options;
using Quiver.Adapters.Storage.S3;
using Quiver.Core.Artifacts;

namespace Quiver.Adapters.Artifacts;

/// <summary>Artifacts as objects in a bucket.</summary>
internal sealed class S3ArtifactStore(IOptions<ArtifactOptions> options, S3Connection connection, S3Requests requests, TimeProvider time) : IArtifactStore
{
    private const int BufferBytes = 1 << 16;
    private readonly string _bucket = options.Value.Bucket;
    private readonly string _prefix = options.Value.Prefix;

    public Task<ArtifactInfo> PutAsync(ArtifactName name, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken = default) =>
        GuardAsync(async () =>
        {
            // A PUT needs the object's length and may be retried; a temporary file serves both without holding the object in memory.
            await using var file = new FileStream(
                Path.GetTempFileName(), FileMode.Create, FileAccess.ReadWrite, FileShare.None, BufferBytes, FileOptions.DeleteOnClose | FileOptions.Asynchronous);
            await write(file, cancellationToken);
            await file.FlushAsync(cancellationToken);
            await requests.SendAsync(
                token =>
                {
                    file.Position = 0;
                    var request = new PutObjectRequest
                    {
                        BucketName = _bucket,
                        Key = Key(name),
                        InputStream = file,
                        AutoCloseStream = false,
                        ContentType = name.ContentType,
                    };
                    return connection.Client.PutObjectAsync(request, token);
                },
                Locate(name),
                file.Length,
                cancellationToken);
            return new ArtifactInfo(name, file.Length, time.GetUtcNow());
        });

    public Task<ArtifactContent?> OpenAsync(ArtifactName name, CancellationToken cancellationToken = default) => GuardAsync<ArtifactContent?>(async () =>
    {
        try
        {
            var found = await requests.FindAsync(_bucket, Key(name), requests.CallerRetry(), cancellationToken);
            return new ArtifactContent(new ObjectContentStream(new S3ObjectStream(requests, found, 0, requests.CallerRetry())), found.Size);
        }
        catch (S3Exception exception) when (exception.Fault.Kind == S3FaultKind.Gone)
        {
            return null;
        }
    });

    public async Task<Uri> LinkAsync(ArtifactName name, DateTimeOffset expires, CancellationToken cancellationToken = default)
    {
        var request = new GetPreSignedUrlRequest
        {
            BucketName = _bucket,
            Key = Key(name),
            Verb = HttpVerb.GET,
            Expires = expires.UtcDateTime,
            Protocol = requests.Options.Endpoint?.Scheme == "http" ? Protocol.HTTP : Protocol.HTTPS,
        };
        return new(await connection.Client.GetPreSignedURLAsync(request));
    }

    public string Locate(ArtifactName name) => new S3Address(_bucket, Key(name)).ToString();

    public Task<ArtifactPage> ListAsync(string folder, string? after = null, int limit = IArtifactStore.MaxPage, CancellationToken cancellationToken = default) => GuardAsync(async () =>
    {
        ArtifactName.Parse(folder + "x");
        var page = await requests.ListAsync(_bucket, _prefix + folder, after is null ? null : _prefix + after, limit, requests.CallerRetry(), cancellationToken);
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
                await GuardAsync(() => requests.SendAsync(
                    token => connection.Client.DeleteObjectAsync(_bucket, Key(artifact.Name), token), Locate(artifact.Name), 0, cancellationToken));
            }

            after = page.Next;
        }
        while (after is not null);
    }

    private static async Task<T> GuardAsync<T>(Func<Task<T>> act)
    {
        try
        {
            return await act();
        }
        catch (S3Exception exception)
        {
            throw exception.Fault.ToException();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new PermanentException(
                ErrorCodes.StorageUnavailable, $"The artifact cannot be prepared in '{Path.GetTempPath()}': {exception.Message} Free space there, or set TMPDIR to another folder.", exception);
        }
    }

    private string Key(ArtifactName name) => _prefix + name.Value;
}

/// <summary>An object's bytes; converts failures to <see cref="QuiverException"/>.</summary>
internal sealed class ObjectContentStream(S3ObjectStream content) : ForwardStream
{
    /// <exception cref="QuiverException">The object cannot be read.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return await content.ReadAsync(buffer, cancellationToken);
        }
        catch (S3Exception exception)
        {
            throw exception.Fault.ToException();
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            content.Dispose();
        }

        base.Dispose(disposing);
    }
}
