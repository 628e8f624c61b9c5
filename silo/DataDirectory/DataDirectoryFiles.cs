using Quiver.Adapters.Embeddings.Cache;
using Quiver.Adapters.Storage.Files;
using Quiver.Adapters.Storage.Sqlite;
using Quiver.Adapters.Vectors.Embedded;
using Quiver.Silo.Options;
using IO = System.IO.Directory;

namespace Quiver.Silo.DataDirectory;

/// <summary>The files and folders of a data directory: their names, their creation, and their removal when nothing was stored.</summary>
/// <param name="directory">The data directory, absolute.</param>
internal sealed class DataDirectoryFiles(string directory)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private static readonly string[] DatabaseEndings = ["", "-wal", "-shm"];

    /// <summary>The data directory.</summary>
    public string Directory => directory;

    /// <summary>The lock of the process that holds the directory.</summary>
    public string Lock => At("quiver.lock");

    /// <summary>The description of the process that holds the directory.</summary>
    public string Holder => At("server.json");

    /// <summary>The list of the databases.</summary>
    public string Manifest => At(DirectoryManifest.FileName);

    /// <summary>Jobs, events, failures and documents, SQLite.</summary>
    public string Ledger => At("ledger.db");

    /// <summary>Grain state and reminders of a single silo, SQLite.</summary>
    public string GrainState => At("grains.db");

    /// <summary>The folder of the embedded index.</summary>
    public string Vectors { get => field ?? At("vectors"); private init; }

    /// <summary>The cache of embeddings, SQLite.</summary>
    public string EmbeddingCache { get => field ?? At("cache", "embeddings.db"); private init; }

    /// <summary>The folder of artifacts.</summary>
    public string Artifacts => At("artifacts");

    /// <summary>The key that signs links to artifacts.</summary>
    public string ArtifactKey => At("artifacts.key");

    /// <summary>The files of a data directory, with those that the settings move elsewhere.</summary>
    /// <param name="directory">The data directory, absolute.</param>
    /// <param name="settings">The settings that apply to it.</param>
    /// <exception cref="InvalidRequestException">With <see cref="ErrorCodes.InvalidOption"/>: a value of these settings cannot be converted.</exception>
    public static DataDirectoryFiles Of(string directory, IConfiguration settings)
    {
        var files = new DataDirectoryFiles(directory);
        try
        {
            var (cache, index) = (SettingSections.Read<EmbeddingCacheOptions>(settings).Path, SettingSections.Read<FlatIndexOptions>(settings).Directory);
            return new(directory) { EmbeddingCache = cache is "" ? files.EmbeddingCache : cache, Vectors = index is "" ? files.Vectors : index };
        }
        catch (Exception exception) when (SettingsValidation.Describe(exception) is { } message)
        {
            throw SettingsValidation.Invalid(message, exception);
        }
    }

    /// <summary>Creates the directory, readable by its owner only, unless it exists.</summary>
    /// <returns>The folders that were created, the innermost first.</returns>
    /// <exception cref="PermanentException">With <see cref="ErrorCodes.StorageUnavailable"/>.</exception>
    public ImmutableArray<string> Create()
    {
        try
        {
            var created = ImmutableArray.CreateBuilder<string>();
            var folder = Path.TrimEndingDirectorySeparator(directory);
            while (folder is not null && !IO.Exists(folder))
            {
                created.Add(folder);
                folder = Path.GetDirectoryName(folder);
            }

            if (OperatingSystem.IsWindows())
            {
                IO.CreateDirectory(directory);
            }
            else if (created.Count > 0)
            {
                IO.CreateDirectory(directory, OwnerOnly);
            }

            return created.ToImmutable();
        }
        catch (Exception exception) when (FileFaults.IsOne(exception))
        {
            throw FileFaults.Classify(exception, $"The data directory '{directory}'", "Check its path and permissions.");
        }
    }

    /// <summary>
    /// Removes a directory that this process created and in which it stored nothing, as after a command that failed: the databases hold no grain
    /// state, and there is nothing else. The caller still holds the lock; a process that waits for it then fails to write its own files.
    /// </summary>
    /// <param name="created">What <see cref="Create"/> returned.</param>
    public async Task RemoveUnusedAsync(ImmutableArray<string> created)
    {
        // The lock comes last: once it is gone, another process may take the directory, and its lock file then keeps the folder.
        string[] removable = [.. new[] { Ledger, GrainState }.SelectMany(static file => DatabaseEndings.Select(ending => file + ending)), Manifest, Holder, Lock];
        try
        {
            if (created.IsEmpty || IO.EnumerateFiles(directory, "*", SearchOption.AllDirectories).Except(removable).Any() || await HoldsStateAsync())
            {
                return;
            }

            string[] folders = [.. IO.EnumerateDirectories(directory, "*", SearchOption.AllDirectories).OrderByDescending(static folder => folder.Length)];
            foreach (var file in removable)
            {
                File.Delete(file);
            }

            foreach (var folder in folders.Concat(created))
            {
                IO.Delete(folder);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or QuiverException)
        {
            // An unused directory that stays does no harm.
        }
    }

    private async Task<bool> HoldsStateAsync()
    {
        await using var ledger = SqliteDatabase.OpenReadOnly(Ledger, LedgerSchema.Migrations);
        if (await ledger.ReadAsync(static session => session.Scalar("SELECT EXISTS (SELECT 1 FROM jobs UNION ALL SELECT 1 FROM documents)")) is not 0L)
        {
            return true;
        }

        await using var database = SqliteDatabase.OpenReadOnly(GrainState, SqliteGrainSchema.Migrations);
        return await database.ReadAsync(static session =>
            session.Scalar("SELECT EXISTS (SELECT 1 FROM grain_state UNION ALL SELECT 1 FROM reminders)")) is not 0L;
    }

    private string At(params ReadOnlySpan<string> names) => Path.Combine([directory, .. names]);
}
