namespace Quiver.Adapters.Vectors.Qdrant;

/// <summary>Where in a collection's configuration a setting stands; creating, changing and reading name the places differently.</summary>
internal enum StorageSection
{
    /// <summary>The collection itself.</summary>
    Collection = 1,

    /// <summary>The named vector.</summary>
    Vector = 2,

    /// <summary>The graph.</summary>
    Hnsw = 3,

    /// <summary>The write-ahead log.</summary>
    Wal = 4,

    /// <summary>The optimizers.</summary>
    Optimizers = 5,

    /// <summary>Strict mode.</summary>
    StrictMode = 6,
}
