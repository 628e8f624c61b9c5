using System.Globalization;
using Microsoft.Data.Sqlite;
using Quiver.Adapters.Embeddings.Cache;
using Quiver.Adapters.Storage.Files;
using Quiver.Adapters.Storage.Sqlite;
using Quiver.Adapters.Vectors.Embedded;

namespace Quiver.Silo.DataDirectory;

/// <summary>The stores of a data directory: each is a database, with a file of vectors beside it for an index.</summary>
internal enum StoreKind
{
    /// <summary>Jobs, events, failures and documents.</summary>
    Ledger = 1,

    /// <summary>Grain state and reminders.</summary>
    GrainState = 2,

    /// <summary>The cache of embeddings.</summary>
    Cache = 3,

    /// <summary>A physical collection of the embedded index.</summary>
    Index = 4,
}

/// <summary>One store.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">What it is called in messages and metrics, such as <c>embedding cache</c>.</param>
/// <param name="Path">Its file or folder.</param>
/// <param name="Database">Its database.</param>
/// <param name="Migrations">All migrations of the database's schema, in order.</param>
internal sealed record DirectoryStore(StoreKind Kind, string Name, string Path, string Database, IReadOnlyList<SqliteMigration> Migrations)
{
    /// <summary>Measures it, also while a process writes it.</summary>
    public SqliteFileSize Measure() => Kind == StoreKind.Index ? FlatFiles.Measure(Path) : SqliteFile.Measure(Database);

    /// <summary>Shrinks it; no other process may write it.</summary>
    /// <exception cref="QuiverException">A file cannot be used, or the disk is full.</exception>
    public void Compact()
    {
        switch (Kind)
        {
            case StoreKind.Cache:
                CacheTable.Compact(Database);
                break;
            case StoreKind.Index:
                FlatFiles.Compact(Path);
                break;
            default:
                SqliteFile.Compact(Database, Migrations);
                break;
        }
    }

    /// <summary>Finds what is wrong with its files; changes nothing.</summary>
    /// <param name="manifest">The directory's list of databases; null when that is damaged itself.</param>
    /// <param name="maxBytes">Larger files are opened but not read completely.</param>
    /// <param name="cancellationToken">Stops between pages.</param>
    /// <returns>Null when nothing is wrong.</returns>
    public StoreDamage? FindDamage(DirectoryManifest? manifest, long maxBytes, CancellationToken cancellationToken)
    {
        try
        {
            manifest?.RequirePresent(Database);
            if (!File.Exists(Database))
            {
                return null;
            }

            using var session = SqliteConnections.Open(Database, SqliteOpenMode.ReadOnly, static _ => { });
            SqliteConnections.RequireNotNewer(Database, SqliteConnections.VersionOf(session), Migrations);
            manifest?.RequireCurrent(Database, StoredIdentity.Find(session));
            return FindDamage(session, maxBytes, cancellationToken);
        }
        catch (QuiverException exception)
        {
            return StoreDamage.Of(exception);
        }
        catch (SqliteException exception)
        {
            return StoreDamage.Of((QuiverException)SqliteErrors.Translate(exception, Database)) with { ContentIsWrong = SqliteErrors.IsDamage(exception) };
        }
    }

    private StoreDamage? FindDamage(SqliteSession session, long maxBytes, CancellationToken cancellationToken)
    {
        var isLarge = Measure().Bytes > maxBytes;
        using var check = session.Query(isLarge ? "PRAGMA schema_version" : "PRAGMA quick_check(1)");
        if (check.Read() && check.GetValue(0) is string found and not "ok")
        {
            return StoreDamage.Of(DirectoryManifest.Error(Database, $"is damaged: {found.ReplaceLineEndings(" ")}")) with { ContentIsWrong = true };
        }

        if (Kind != StoreKind.Index || isLarge || SqliteConnections.VersionOf(session) != Migrations.Count || FlatSchema.ReadMeta(session) is not var (layout, _))
        {
            return null;
        }

        var (vectors, damaged) = FlatFiles.FindDamaged(session, layout, Path, cancellationToken);
        return damaged.Count == 0
            ? null
            : StoreDamage.Of(DirectoryManifest.Error(
                SlotFile.PathIn(Path),
                File.Exists(SlotFile.PathIn(Path))
                    ? string.Create(CultureInfo.InvariantCulture, $"is damaged: {damaged.Count} of {vectors} vectors are not what was written")
                    : "is missing, but its index has points")) with
            { Slots = damaged };
    }
}

/// <summary>What is wrong with a store.</summary>
/// <param name="Sentence">The file, and what is wrong with it.</param>
/// <param name="IsDamage">False for a file that is not damaged but cannot be used: of a newer version, or without permission.</param>
internal sealed record StoreDamage(string Sentence, bool IsDamage)
{
    /// <summary>True when the database is the current one, but parts of it are not what was written: the others can be kept.</summary>
    public bool ContentIsWrong { get; init; }

    /// <summary>The slots of damaged vectors; null when the database itself is damaged.</summary>
    public IReadOnlyList<int>? Slots { get; init; }

    public static StoreDamage Of(QuiverException exception) => new(DirectoryManifest.WithoutAdvice(exception.Message), exception.Code == ErrorCodes.StorageDamaged);
}

/// <summary>Lists the stores of a data directory: the one place that knows them all.</summary>
internal static class DirectoryStores
{
    /// <summary>The name of the embedding cache.</summary>
    public const string Cache = "embedding cache";

    /// <summary>The stores whose files exist, or are in the list of the directory's databases.</summary>
    public static IReadOnlyList<DirectoryStore> Of(DataDirectoryFiles files, DirectoryManifest? manifest = null)
    {
        var listed = manifest?.Files.Select(manifest.Locate).ToHashSet(StringComparer.Ordinal) ?? [];
        var known = new[]
        {
            new DirectoryStore(StoreKind.Ledger, "ledger", files.Ledger, files.Ledger, LedgerSchema.Migrations),
            new DirectoryStore(StoreKind.GrainState, "grain state", files.GrainState, files.GrainState, SqliteGrainSchema.Migrations),
            new DirectoryStore(StoreKind.Cache, Cache, files.EmbeddingCache, files.EmbeddingCache, CacheTable.Migrations),
        };
        var folders = FlatFiles.Collections(files.Vectors)
            .Concat(listed.Where(static path => Path.GetFileName(path) == FlatFiles.DatabaseName).Select(static path => Path.GetDirectoryName(path)!))
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal);
        return
        [
            .. known.Where(store => File.Exists(store.Database) || listed.Contains(store.Database)),
            .. folders.Select(static folder => new DirectoryStore(
                StoreKind.Index, $"index {Path.GetFileName(folder)}", folder, FlatFiles.DatabaseIn(folder), FlatSchema.Migrations)),
        ];
    }
}
