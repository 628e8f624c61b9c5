using System.IO.Hashing;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Quiver.Adapters.Storage.Files;

/// <summary>What a database knows about itself: the directory that it belongs to, and the last process that opened it for writing.</summary>
/// <param name="Directory">The identity of its data directory.</param>
/// <param name="Epoch">The number of that process among the writers of the directory, from 1.</param>
internal sealed record FileIdentity(string Directory, long Epoch);

/// <summary>
/// The list of a data directory's databases, in <c>manifest.json</c>. Each database has the same entry inside: so a file that is missing, that was
/// replaced by an older copy, or that belongs to another directory is noticed when it is opened, and not taken for a new or a current one. A database is
/// written before the list, so that an interruption leaves a file that is newer than its entry, never an older one. Thread-safe.
/// </summary>
internal sealed class DirectoryManifest
{
    /// <summary>The name of the file.</summary>
    public const string FileName = "manifest.json";

    private const string Advice = " Stop Quiver, then run 'quiver repair', or restore the whole directory from a backup.";

    /// <summary>More sentences about damage would help no reader.</summary>
    private const int MaxDamage = 100;

    private readonly Lock _lock = new();
    private readonly HashSet<string> _damage = new(StringComparer.Ordinal);
    private ManifestDocument? _content;
    private long? _epoch;

    private DirectoryManifest(string root) => Root = root;

    /// <summary>The data directory, absolute.</summary>
    public string Root { get; }

    /// <summary>The manifest's file.</summary>
    public string FilePath => Path.Combine(Root, FileName);

    /// <summary>What this process found damaged: a sentence each, with paths relative to the directory.</summary>
    public IReadOnlyList<string> Damage
    {
        get
        {
            lock (_lock)
            {
                return [.. _damage.Order(StringComparer.Ordinal)];
            }
        }
    }

    /// <summary>The databases that the directory must have: paths relative to it.</summary>
    public IReadOnlyCollection<string> Files
    {
        get
        {
            lock (_lock)
            {
                return [.. _content?.Files.Keys ?? []];
            }
        }
    }

    /// <summary>Reads the manifest; a missing one is written with the first database.</summary>
    /// <exception cref="PermanentException">
    /// With <see cref="ErrorCodes.StorageDamaged"/>: it is damaged. With <see cref="ErrorCodes.StorageUnavailable"/>: it cannot be read.
    /// </exception>
    public static DirectoryManifest Open(string root)
    {
        var manifest = new DirectoryManifest(Path.GetFullPath(root));
        manifest._content = manifest.Read();
        return manifest;
    }

    /// <summary>Starts a new manifest, which lists nothing yet, in place of a damaged one.</summary>
    public static DirectoryManifest Create(string root) => new(Path.GetFullPath(root));

    /// <summary>An error of a damaged file: what is wrong and what to do.</summary>
    /// <param name="path">The file.</param>
    /// <param name="what">The rest of the sentence: <c>is damaged (…)</c>.</param>
    /// <param name="cause">The cause.</param>
    public static PermanentException Error(string path, string what, Exception? cause = null) =>
        new(ErrorCodes.StorageDamaged, $"{path} {what}.{Advice}", cause);

    /// <summary>The sentence of such an error that says what is wrong.</summary>
    public static string WithoutAdvice(string message) => message.Replace(Advice, "", StringComparison.Ordinal);

    /// <summary>Keeps an error of a damaged file for the health of this process, and returns it.</summary>
    public PermanentException Note(PermanentException error)
    {
        var sentence = WithoutAdvice(error.Message).Replace(Root + Path.DirectorySeparatorChar, "", StringComparison.Ordinal);
        lock (_lock)
        {
            if (_damage.Count < MaxDamage)
            {
                _damage.Add(sentence);
            }
        }

        return error;
    }

    /// <summary>Notes the databases that are missing or empty. Cheap.</summary>
    public void NoteMissing()
    {
        foreach (var path in Files.Select(Locate).Where(static path => !HasContent(path)))
        {
            Note(Error(path, Missing(path)));
        }
    }

    /// <summary>Throws when a database must exist and does not. The caller then creates it, or takes it for empty.</summary>
    /// <exception cref="PermanentException">With <see cref="ErrorCodes.StorageDamaged"/>.</exception>
    public void RequirePresent(string path)
    {
        if (!HasContent(path) && IsListed(path))
        {
            throw Note(Error(path, Missing(path)));
        }
    }

    /// <summary>Compares a database with its entry.</summary>
    /// <param name="path">The database.</param>
    /// <param name="found">What it says about itself; null when it says nothing, as one of an earlier version.</param>
    /// <exception cref="PermanentException">With <see cref="ErrorCodes.StorageDamaged"/>.</exception>
    public void RequireCurrent(string path, FileIdentity? found)
    {
        if (FindDifference(path, found) is not null && FindDifference(path, found, Read()) is { } difference)
        {
            throw Note(Error(path, difference));
        }
    }

    /// <summary>The identity that a database gets when this process opens it for writing.</summary>
    /// <param name="found">What it says about itself.</param>
    public FileIdentity Next(FileIdentity? found)
    {
        lock (_lock)
        {
            _content ??= new(found?.Directory ?? Guid.NewGuid().ToString("N"), ImmutableSortedDictionary<string, long>.Empty);
            _epoch ??= _content.Files.Values.Append(found?.Epoch ?? 0).Max() + 1;
            return new(_content.Directory, Math.Max(_epoch.Value, found?.Epoch ?? 0));
        }
    }

    /// <summary>Lists a database whose identity was written.</summary>
    /// <exception cref="QuiverException">See <see cref="FileFaults.Classify"/>.</exception>
    public void Record(string path, FileIdentity identity)
    {
        lock (_lock)
        {
            var next = _content! with { Files = _content.Files.SetItem(NameOf(path), identity.Epoch) };
            Write(next);
            _content = next;
        }
    }

    /// <summary>Removes a database from the list, before it is deleted.</summary>
    /// <exception cref="QuiverException">See <see cref="FileFaults.Classify"/>.</exception>
    public void Remove(string path)
    {
        lock (_lock)
        {
            if (_content is { } content && content.Files.ContainsKey(NameOf(path)))
            {
                var next = content with { Files = content.Files.Remove(NameOf(path)) };
                Write(next);
                _content = next;
            }
        }
    }

    /// <summary>The path of a listed database.</summary>
    public string Locate(string name) => Path.GetFullPath(Path.Combine(Root, name));

    private static bool HasContent(string path) => new FileInfo(path) is { Exists: true, Length: > 0 };

    private static string Missing(string path) => File.Exists(path) ? "is empty, but data was stored in it" : "is missing, but data was stored in it";

    /// <summary>A database outside of the directory, as settings allow, is listed by its whole path.</summary>
    private string NameOf(string path)
    {
        var name = Path.GetRelativePath(Root, path);
        return (name.StartsWith("..", StringComparison.Ordinal) ? Path.GetFullPath(path) : name).Replace(Path.DirectorySeparatorChar, '/');
    }

    private bool IsListed(string path)
    {
        var name = NameOf(path);
        lock (_lock)
        {
            if (_content?.Files.ContainsKey(name) is not true)
            {
                return false;
            }
        }

        // Another process may have deleted the collection since the manifest was read.
        return Read()?.Files.ContainsKey(name) is true;
    }

    private string? FindDifference(string path, FileIdentity? found)
    {
        lock (_lock)
        {
            return FindDifference(path, found, _content);
        }
    }

    private string? FindDifference(string path, FileIdentity? found, ManifestDocument? content) =>
        content is null ? null
        : found is not null && found.Directory != content.Directory ? "belongs to another data directory"
        : content.Files.TryGetValue(NameOf(path), out var epoch) && (found?.Epoch ?? 0) < epoch
            ? "is an older copy: the directory was written since then, and the other files do not match it"
        : null;

    private ManifestDocument? Read()
    {
        string text;
        try
        {
            text = File.ReadAllText(FilePath);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception exception) when (FileFaults.IsOne(exception))
        {
            throw FileFaults.Classify(exception, FilePath);
        }

        try
        {
            if (JsonSerializer.Deserialize(text, ManifestJson.Default.ManifestDocument) is { Directory: not null, Files: not null } content && content.Sum == SumOf(content))
            {
                return content;
            }
        }
        catch (JsonException exception)
        {
            throw Note(Error(FilePath, "is damaged", exception));
        }

        throw Note(Error(FilePath, "is damaged"));
    }

    private void Write(ManifestDocument content)
    {
        var temporary = $"{FilePath}.tmp";
        try
        {
            using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write))
            {
                JsonSerializer.Serialize(file, content with { Sum = SumOf(content) }, ManifestJson.Default.ManifestDocument);
                file.Flush();
                RandomAccess.FlushToDisk(file.SafeFileHandle);
            }

            File.Move(temporary, FilePath, overwrite: true);
        }
        catch (Exception exception) when (FileFaults.IsOne(exception))
        {
            throw FileFaults.Classify(exception, FilePath);
        }
    }

    private static string SumOf(ManifestDocument content) => Convert.ToHexStringLower(XxHash3.Hash(
        Encoding.UTF8.GetBytes($"{content.Directory}\n{string.Join('\n', content.Files.OrderBy(static file => file.Key, StringComparer.Ordinal).Select(static file => $"{file.Key}\n{file.Value}"))}")));
}

/// <summary>The content of the manifest.</summary>
/// <param name="Directory">The identity of the directory.</param>
/// <param name="Files">The epoch of each database, by its path relative to the directory.</param>
/// <param name="Sum">A checksum of the rest.</param>
internal sealed record ManifestDocument(string Directory, ImmutableSortedDictionary<string, long> Files, string? Sum = null);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(ManifestDocument))]
internal sealed partial class ManifestJson : JsonSerializerContext;
