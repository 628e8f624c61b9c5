using System.Text.Json.Serialization;
using Quiver.Cli.Doctor;
using Quiver.Cli.Sessions;
using Quiver.Client.Json;

namespace Quiver.Cli.Output;

// The JSON documents that only the command line prints; all others are in QuiverJsonContext.

internal sealed record CompactDocument(ImmutableArray<CompactedStore> Stores, long BytesBefore, long BytesAfter);

internal sealed record DeletedDocument(CollectionName Deleted);

// DataDirectory is null with --server, where it is unknown.
internal sealed record DemoDocument(JobReport Report, ImmutableArray<SearchDocument> Answers, string? DataDirectory);

internal sealed record DoctorDocument(bool Healthy, ImmutableArray<DoctorCheckDocument> Checks);

internal sealed record DoctorCheckDocument(string Name, DoctorStatus Status, string Message, string? Remedy);

internal sealed record ErrorDocument(ErrorBody Error);

internal sealed record ErrorBody(string Code, string Message);

internal sealed record FacetDocument(CollectionName Collection, string Field, ImmutableArray<FacetValue> Values);

internal sealed record SearchDocument(CollectionName Collection, string Query, SearchMode Mode, ImmutableArray<SearchHit> Hits, ImmutableArray<SearchNote> Notes);

internal sealed record RepairDocument(ImmutableArray<RepairedStore> Stores, bool Intact, bool Repaired);

internal sealed record ServingDocument(ImmutableArray<string> Urls, string DataDirectory);

/// <summary>Serializers of the documents above, with the conventions of <see cref="QuiverJsonContext"/>.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters =
    [
        typeof(EnumNameConverter<DoctorStatus>),
        typeof(EnumNameConverter<ChunkingStrategy>),
        typeof(EnumNameConverter<DocumentFormat>),
        typeof(EnumNameConverter<JobState>),
        typeof(EnumNameConverter<SearchMode>),
        typeof(EnumNameConverter<SyncMode>),
        typeof(DurationConverter),
    ])]
[JsonSerializable(typeof(CompactDocument))]
[JsonSerializable(typeof(DeletedDocument))]
[JsonSerializable(typeof(DemoDocument))]
[JsonSerializable(typeof(DoctorDocument))]
[JsonSerializable(typeof(ErrorDocument))]
[JsonSerializable(typeof(FacetDocument))]
[JsonSerializable(typeof(RepairDocument))]
[JsonSerializable(typeof(SearchDocument))]
[JsonSerializable(typeof(ServingDocument))]
internal sealed partial class CliJsonContext : JsonSerializerContext;
