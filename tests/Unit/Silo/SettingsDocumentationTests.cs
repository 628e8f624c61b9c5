using System.Text.RegularExpressions;
using Quiver.Adapters.Artifacts;
using Quiver.Adapters.EmbeddingCache;
using Quiver.Adapters.Files;
using Quiver.Adapters.FlatIndex;
using Quiver.Adapters.Ledger;
using Quiver.Adapters.Onnx;
using Quiver.Adapters.OpenAI;
using Quiver.Adapters.Postgres;
using Quiver.Adapters.Postgres.Cluster;
using Quiver.Adapters.Qdrant;
using Quiver.Adapters.S3;
using Quiver.Pipeline.Collections;
using Quiver.Pipeline.Jobs;
using Quiver.Silo.Api;
using Quiver.Silo.Hosting.Cluster;
using Quiver.Silo.Serving;
using Quiver.Silo.Telemetry;
using Quiver.Tests.Unit.Architecture;

namespace Quiver.Tests.Unit.Silo;

/// <summary>docs/operating.md has each setting, and none that does not exist.</summary>
public sealed partial class SettingsDocumentationTests
{
    /// <summary>Where the settings of each class of options are.</summary>
    internal static readonly (string Section, Type Options)[] Sections =
    [
        ("Quiver:Jobs", typeof(JobOptions)),
        ("Quiver:Files", typeof(FilesOptions)),
        ("Quiver:S3", typeof(S3Options)),
        ("Quiver:Artifacts", typeof(ArtifactOptions)),
        ("Quiver:Postgres", typeof(PostgresOptions)),
        ("Quiver:Cluster", typeof(ClusterOptions)),
        ("Quiver:Cluster:Dashboard", typeof(ClusterDashboardOptions)),
        ("Quiver:Cluster:Postgres", typeof(PostgresClusterOptions)),
        ("Quiver:Onnx", typeof(OnnxOptions)),
        ("Quiver:Embedding", typeof(EmbeddingOptions)),
        ("Quiver:EmbeddingCache", typeof(EmbeddingCacheOptions)),
        ("Quiver:FlatIndex", typeof(FlatIndexOptions)),
        ("Quiver:Qdrant", typeof(QdrantOptions)),
        ("Quiver:Collections", typeof(CollectionOptions)),
        ("Quiver:Ledger", typeof(LedgerOptions)),
        ("Quiver:Server", typeof(ServerOptions)),
        ("Quiver:Api", typeof(ApiOptions)),
        ("Quiver:Telemetry", typeof(TelemetryOptions)),
    ];

    /// <summary>Settings that are read before there are options: which store there is, and what providers there are.</summary>
    private static readonly string[] Others = ["Quiver:Vectors:Store", "Quiver:Providers"];

    [Fact]
    public void Settings_AreThoseOfTheOptions() => Assert.Equal(Existing().Concat(Others).Order(StringComparer.Ordinal), Documented().Order(StringComparer.Ordinal));

    private static IEnumerable<string> Existing() =>
        from section in Sections
        from property in section.Options.GetProperties()
        where property.SetMethod?.IsPublic == true || property.PropertyType.IsGenericType
        where !Sections.Any(other => other.Options == property.PropertyType)
        select $"{section.Section}:{property.Name}";

    private static IEnumerable<string> Documented()
    {
        foreach (var line in SourceTree.Lines("docs/operating.md").Where(line => line.StartsWith("| `Quiver:", StringComparison.Ordinal)))
        {
            var names = CodeSpan().Matches(line.Split(" | ")[0]).Select(match => match.Groups[1].Value).ToList();
            var section = names[0][..names[0].LastIndexOf(':')];
            foreach (var name in names)
                yield return (name.Contains(':', StringComparison.Ordinal) ? name : $"{section}:{name}").Split(":NAME")[0];
        }
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex CodeSpan();
}
