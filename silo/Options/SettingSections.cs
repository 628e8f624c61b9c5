using Quiver.Adapters.Artifacts;
using Quiver.Adapters.Embeddings.Cache;
using Quiver.Adapters.Embeddings.Onnx;
using Quiver.Adapters.Embeddings.OpenAI;
using Quiver.Adapters.Embeddings.Providers;
using Quiver.Adapters.Sources.Files;
using Quiver.Adapters.Sources.Postgres;
using Quiver.Adapters.Storage.Ledger;
using Quiver.Adapters.Storage.Postgres;
using Quiver.Adapters.Storage.S3;
using Quiver.Adapters.Vectors.Embedded;
using Quiver.Adapters.Vectors.Qdrant;
using Quiver.Core.Collections;
using Quiver.Core.Jobs;
using Quiver.Silo.Api;
using Quiver.Silo.Hosting;
using Quiver.Silo.Hosting.Cluster;
using Quiver.Silo.Serving;
using Quiver.Silo.Telemetry;
using Quiver.Silo.Vectors;

namespace Quiver.Silo.Options;

/// <summary>All settings that there are.</summary>
internal static class SettingSections
{
    /// <summary>Below it are all settings.</summary>
    public const string Root = "Quiver";

    /// <summary>The data directory, which only the environment can say: files of settings are in it.</summary>
    public const string DataDirectory = "Quiver:Data:Directory";

    /// <summary>Where the settings of each class of options are.</summary>
    public static readonly ImmutableArray<(string Section, Type Options)> OfOptions =
    [
        ("Quiver:Jobs", typeof(JobOptions)),
        ("Quiver:Files", typeof(FilesOptions)),
        (S3Options.Section, typeof(S3Options)),
        (ArtifactOptions.Section, typeof(ArtifactOptions)),
        (PostgresOptions.Section, typeof(PostgresOptions)),
        (ClusterOptions.Section, typeof(ClusterOptions)),
        (OrleansDashboardOptions.Section, typeof(OrleansDashboardOptions)),
        (PostgresClusterOptions.Section, typeof(PostgresClusterOptions)),
        (OnnxOptions.Section, typeof(OnnxOptions)),
        ("Quiver:Embedding", typeof(EmbeddingOptions)),
        (EmbeddingCacheOptions.Section, typeof(EmbeddingCacheOptions)),
        ("Quiver:FlatIndex", typeof(FlatIndexOptions)),
        (QdrantOptions.Section, typeof(QdrantOptions)),
        ("Quiver:Collections", typeof(CollectionOptions)),
        ("Quiver:Ledger", typeof(LedgerOptions)),
        (ServerOptions.Section, typeof(ServerOptions)),
        (ApiOptions.Section, typeof(ApiOptions)),
        (TelemetryOptions.Section, typeof(TelemetryOptions)),
    ];

    /// <summary>These, and what is read before there are options.</summary>
    public static readonly ImmutableArray<(string Section, Type Type)> All =
    [
        .. OfOptions,
        ("Quiver:Vectors:Store", typeof(VectorStoreKind)),
        ("Quiver:Providers", typeof(IDictionary<string, ProviderOptions>)),
        (DataDirectory, typeof(string)),
    ];
}
