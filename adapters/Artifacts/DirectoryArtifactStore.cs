using System.IO.Hashing;
using Microsoft.Extensions.Options;
using Quiver.Adapters.Storage.Files;
using Quiver.Core.Artifacts;

namespace Quiver.Adapters.Artifacts;

/// <summary>Artifacts as files in a folder, each with a file of its checksum; the server answers their links.</summary>
internal sealed class DirectoryArtifactStore(IOptions<ArtifactOptions> options, ArtifactTokens tokens) : IArtifactStore
{
    private const string Unfinished = ".unfinished";
    private const string Sum = ".sum";
    private const int BufferBytes = 1 << 16;
    private readonly string _root = options.Value.Directory;

    public async Task<ArtifactInfo> PutAsync(ArtifactName name, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken = default)
    {
        var path = Locate(name);
        var folder = Path.GetDirectoryName(path)!;
        var unfinished = Path.Join(folder, $"{Unfinished}-{Path.GetRandomFileName()}");
        try
        {
            Directory.CreateDirectory(folder);
            try
            {
                await using (var file = new FileStream(unfinished, FileMode.CreateNew, FileAccess.Write, FileShare.None))
                {
                    await write(file, cancellationToken);
                    await file.FlushAsync(cancellationToken);
                    RandomAccess.FlushToDisk(file.SafeFileHandle);
                }

                // Before the artifact: a crash in between makes an earlier one unreadable, which the next export replaces.
                await File.WriteAllTextAsync(SumOf(path), await HashAsync(unfinished, cancellationToken), cancellationToken);
                File.Move(unfinished, path, overwrite: true);
            }
            finally
            {
                File.Delete(unfinished);
            }

            return Info(name, new FileInfo(path));
        }
        catch (Exception exception) when (FileFaults.IsOne(exception))
        {
            throw FileFaults.Classify(exception, path);
        }
    }

    /// <exception cref="PermanentException">
    /// With <see cref="ErrorCodes.StorageDamaged"/>: the file is not what was written. With <see cref="ErrorCodes.StorageUnavailable"/>.
    /// </exception>
    public async Task<ArtifactContent?> OpenAsync(ArtifactName name, CancellationToken cancellationToken = default)
    {
        var path = Locate(name);
        try
        {
            // Artifacts of earlier versions have no checksum.
            if (File.Exists(path) && File.Exists(SumOf(path))
                && await File.ReadAllTextAsync(SumOf(path), cancellationToken) != await HashAsync(path, cancellationToken))
            {
                throw new PermanentException(
                    ErrorCodes.StorageDamaged,
                    $"The artifact '{name.Value}' is damaged: export it again with 'quiver jobs failures ID --export' (POST /v1/jobs/ID/export).");
            }

            var file = new FileStream(
                path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, BufferBytes, FileOptions.Asynchronous | FileOptions.SequentialScan);
            return new ArtifactContent(file, file.Length);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unavailable(path, "read", exception);
        }
    }

    public Task<Uri> LinkAsync(ArtifactName name, DateTimeOffset expires, CancellationToken cancellationToken = default) =>
        Task.FromResult(new Uri(ArtifactTokens.Route + tokens.Create(name, expires), UriKind.Relative));

    public string Locate(ArtifactName name) => Path.Join(_root, name.Value.Replace('/', Path.DirectorySeparatorChar));

    public Task<ArtifactPage> ListAsync(string folder, string? after = null, int limit = IArtifactStore.MaxPage, CancellationToken cancellationToken = default)
    {
        var first = ArtifactName.Parse(folder + "x");
        ArgumentOutOfRangeException.ThrowIfNotEqual(folder.EndsWith('/'), true);
        return Task.Run(() => List(Path.GetDirectoryName(Locate(first))!, after, limit, cancellationToken), cancellationToken);
    }

    public Task DeleteFolderAsync(string folder, CancellationToken cancellationToken = default)
    {
        var first = ArtifactName.Parse(folder + "x");
        return Task.Run(() => Delete(Path.GetDirectoryName(Locate(first))!), cancellationToken);
    }

    private static string SumOf(string path) => Path.Join(Path.GetDirectoryName(path), $"{Sum}-{Path.GetFileName(path)}");

    private static async Task<string> HashAsync(string path, CancellationToken cancellationToken)
    {
        var hash = new XxHash128();
        await using var file = new FileStream(
            path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, BufferBytes, FileOptions.Asynchronous | FileOptions.SequentialScan);
        await hash.AppendAsync(file, cancellationToken);
        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }

    private static void Delete(string folder)
    {
        try
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unavailable(folder, "deleted", exception);
        }
    }

    private ArtifactPage List(string folder, string? after, int limit, CancellationToken cancellationToken)
    {
        // Holds one more name than the page, however many files there are.
        var names = new SortedSet<string>(StringComparer.Ordinal);
        try
        {
            foreach (var path in Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories) : [])
            {
                cancellationToken.ThrowIfCancellationRequested();
                var name = Path.GetRelativePath(_root, path).Replace(Path.DirectorySeparatorChar, '/');
                if (!ArtifactName.TryParse(name, out _) || string.CompareOrdinal(name, after) <= 0)
                {
                    continue;
                }

                names.Add(name);
                if (names.Count > limit + 1)
                {
                    names.Remove(names.Max!);
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unavailable(folder, "listed", exception);
        }

        var items = names.Take(limit).Select(name => Info(ArtifactName.Parse(name), new FileInfo(Locate(ArtifactName.Parse(name))))).ToImmutableArray();
        return new(items, names.Count > limit ? items[^1].Name.Value : null);
    }

    private static ArtifactInfo Info(ArtifactName name, FileInfo file) =>
        new(name, file.Exists ? file.Length : 0, new DateTimeOffset(file.LastWriteTimeUtc, TimeSpan.Zero));

    private static PermanentException Unavailable(string path, string verb, Exception exception) =>
        new(ErrorCodes.StorageUnavailable, $"The artifact '{path}' cannot be {verb}: {exception.Message}", exception);
}
