using System.Text.Json.Serialization;
using Quiver.Client.Cli.Doctor;

namespace Quiver.Client.Cli.Json;

/// <summary>Serializers of what the command line prints, made at build time: no reflection at start.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    Converters =
    [
        typeof(CamelCaseEnumConverter<DoctorStatus>),
        typeof(CamelCaseEnumConverter<DocumentFormat>),
        typeof(CamelCaseEnumConverter<JobEventKind>),
        typeof(CamelCaseEnumConverter<JobState>),
        typeof(CamelCaseEnumConverter<SyncMode>),
    ])]
[JsonSerializable(typeof(CollectionInfo))]
[JsonSerializable(typeof(DeletedDocument))]
[JsonSerializable(typeof(DemoDocument))]
[JsonSerializable(typeof(DoctorDocument))]
[JsonSerializable(typeof(ErrorDocument))]
[JsonSerializable(typeof(FailedDocument))]
[JsonSerializable(typeof(JobEvent))]
[JsonSerializable(typeof(JobReport))]
[JsonSerializable(typeof(JobStatus))]
[JsonSerializable(typeof(Page<CollectionInfo>))]
[JsonSerializable(typeof(Page<JobStatus>))]
[JsonSerializable(typeof(SearchDocument))]
[JsonSerializable(typeof(ServingDocument))]
[JsonSerializable(typeof(VerifyReport))]
internal sealed partial class CliJsonContext : JsonSerializerContext;
