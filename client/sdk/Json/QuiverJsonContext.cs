using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Quiver.Client.Requests;
using Quiver.GrainInterfaces.Providers;
using Quiver.GrainInterfaces.Tenants;

namespace Quiver.Client.Json;

/// <summary>
/// The JSON of the HTTP API and of the command line's <c>--json</c>: camel case, enums by name, ISO 8601 durations, null members left out. Use
/// <see cref="Shared"/>.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    AllowDuplicateProperties = false,
    Converters =
    [
        typeof(EnumNameConverter<DocumentFormat>),
        typeof(EnumNameConverter<IndexState>),
        typeof(EnumNameConverter<JobEventKind>),
        typeof(EnumNameConverter<JobState>),
        typeof(EnumNameConverter<QuantizationKind>),
        typeof(EnumNameConverter<SyncMode>),
        typeof(EnumNameConverter<VectorDistance>),
        typeof(DurationConverter),
        typeof(ExportedPointConverter),
    ])]
[JsonSerializable(typeof(CollectionInfo))]
[JsonSerializable(typeof(CollectionSettings))]
[JsonSerializable(typeof(ExportedPoint))]
[JsonSerializable(typeof(FacetQuery))]
[JsonSerializable(typeof(FacetResult))]
[JsonSerializable(typeof(ImmutableArray<SearchHit>))]
[JsonSerializable(typeof(JobEvent))]
[JsonSerializable(typeof(JobExport))]
[JsonSerializable(typeof(JobReport))]
[JsonSerializable(typeof(JobRequest))]
[JsonSerializable(typeof(JobStatus))]
[JsonSerializable(typeof(Page<CollectionInfo>), TypeInfoPropertyName = "CollectionPage")]
[JsonSerializable(typeof(Page<FailedDocument>), TypeInfoPropertyName = "FailurePage")]
[JsonSerializable(typeof(Page<JobStatus>), TypeInfoPropertyName = "JobPage")]
[JsonSerializable(typeof(Page<ProviderInfo>), TypeInfoPropertyName = "ProviderPage")]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(ProviderTest))]
[JsonSerializable(typeof(Readiness))]
[JsonSerializable(typeof(SearchQuery))]
[JsonSerializable(typeof(SearchResult))]
[JsonSerializable(typeof(StorageSettings))]
[JsonSerializable(typeof(TenantUsage))]
[JsonSerializable(typeof(VerifyReport))]
public sealed partial class QuiverJsonContext : JsonSerializerContext
{
    /// <summary>The context to use: like <see cref="Default"/>, but text of any script is not escaped.</summary>
    public static QuiverJsonContext Shared => Holder.Shared;

    /// <summary>Makes other options serialize like <see cref="Shared"/>.</summary>
    /// <param name="options">Options that have not been used yet.</param>
    public static void Apply(JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var shared = Shared.Options;
        options.PropertyNamingPolicy = shared.PropertyNamingPolicy;
        options.PropertyNameCaseInsensitive = shared.PropertyNameCaseInsensitive;
        options.DefaultIgnoreCondition = shared.DefaultIgnoreCondition;
        options.RespectNullableAnnotations = shared.RespectNullableAnnotations;
        options.AllowDuplicateProperties = shared.AllowDuplicateProperties;
        options.NumberHandling = shared.NumberHandling;
        options.Encoder = shared.Encoder;
        foreach (var converter in shared.Converters)
        {
            options.Converters.Add(converter);
        }

        options.TypeInfoResolverChain.Insert(0, Shared);
    }

    // A class of its own, because the order of static initializers across the parts of this partial class is not defined.
    private static class Holder
    {
        public static readonly QuiverJsonContext Shared =
            new(new JsonSerializerOptions(Default.Options!) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }
}
