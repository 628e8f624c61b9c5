using System.Text.Json.Serialization;
using Quiver.Cli.Doctor;
using Quiver.Client.Json;

namespace Quiver.Cli.Json;

/// <summary>Serializers of the shapes that only the command line prints, by the rules of <see cref="QuiverJsonContext"/>, which has all others.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters =
    [
        typeof(EnumNameConverter<DoctorStatus>),
        typeof(EnumNameConverter<DocumentFormat>),
        typeof(EnumNameConverter<JobState>),
        typeof(EnumNameConverter<SyncMode>),
        typeof(DurationConverter),
    ])]
[JsonSerializable(typeof(DeletedDocument))]
[JsonSerializable(typeof(DemoDocument))]
[JsonSerializable(typeof(DoctorDocument))]
[JsonSerializable(typeof(ErrorDocument))]
[JsonSerializable(typeof(FacetDocument))]
[JsonSerializable(typeof(SearchDocument))]
[JsonSerializable(typeof(ServingDocument))]
internal sealed partial class CliJsonContext : JsonSerializerContext;
