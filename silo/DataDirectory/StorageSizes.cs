using Quiver.Adapters.Embeddings.Cache;
using Quiver.Adapters.Storage.Sqlite;
using Quiver.Adapters.Vectors.Embedded;

namespace Quiver.Silo.DataDirectory;

/// <summary>What one store of a data directory takes up on the disk.</summary>
/// <param name="Name">What it is called in messages and metrics, such as <c>embedding cache</c>.</param>
/// <param name="Path">Its file or folder.</param>
/// <param name="Size">Its size.</param>
/// <param name="Compact">Shrinks it; no other process may write it.</param>
internal sealed record StoredFiles(string Name, string Path, SqliteFileSize Size, Action Compact);

/// <summary>Measures the stores of a data directory.</summary>
internal static class StorageSizes
{
    /// <summary>The name of the embedding cache.</summary>
    public const string Cache = "embedding cache";

    /// <summary>The stores that exist, also while a process writes them.</summary>
    public static IReadOnlyList<StoredFiles> Measure(DataDirectoryFiles files) =>
    [
        .. Database("ledger", files.Ledger, () => SqliteFile.Compact(files.Ledger, LedgerSchema.Migrations)),
        .. Database("grain state", files.GrainState, () => SqliteFile.Compact(files.GrainState, SqliteGrainSchema.Migrations)),
        .. Database(Cache, files.EmbeddingCache, () => CacheTable.Compact(files.EmbeddingCache)),
        .. FlatFiles.Collections(files.Vectors).Select(static folder => new StoredFiles(
            $"index {System.IO.Path.GetFileName(folder)}", folder, FlatFiles.Measure(folder), () => FlatFiles.Compact(folder))),
    ];

    private static IEnumerable<StoredFiles> Database(string name, string path, Action compact) =>
        File.Exists(path) ? [new(name, path, SqliteFile.Measure(path), compact)] : [];
}
