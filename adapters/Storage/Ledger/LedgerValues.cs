using System.Text.Json;
using System.Text.Json.Serialization;

namespace Quiver.Adapters.Storage.Ledger;

/// <summary>The stored form of single values.</summary>
internal static class LedgerValues
{
    /// <summary>The numbers of the final job states, as a list for SQL.</summary>
    public static string FinalStates { get; } =
        string.Join(", ", Enum.GetValues<JobState>().Where(static state => state.IsFinal()).Select(static state => $"{(int)state}"));

    /// <summary>The time of UTC ticks.</summary>
    public static DateTimeOffset Time(long ticks) => new(ticks, TimeSpan.Zero);
}

/// <summary>The stored JSON of the ledger's records. Every member is written, so that a reader never depends on a default.</summary>
[JsonSerializable(typeof(JobStatus))]
[JsonSerializable(typeof(JobEvent))]
[JsonSerializable(typeof(CollectionInfo))]
internal sealed partial class LedgerJson : JsonSerializerContext
{
    public static string Write(JobStatus status) => JsonSerializer.Serialize(status with { Active = false }, Default.JobStatus);

    public static string Write(JobEvent jobEvent) => JsonSerializer.Serialize(jobEvent, Default.JobEvent);

    public static string Write(CollectionInfo collection) => JsonSerializer.Serialize(collection with { Documents = 0, Points = 0 }, Default.CollectionInfo);

    public static JobStatus ReadJob(string json) => JsonSerializer.Deserialize(json, Default.JobStatus)!;

    public static JobEvent ReadEvent(string json) => JsonSerializer.Deserialize(json, Default.JobEvent)!;

    public static CollectionInfo ReadCollection(string json) => JsonSerializer.Deserialize(json, Default.CollectionInfo)!;
}
