using System.Text.Json.Serialization;

namespace Quiver.Adapters.Storage.Ledger;

/// <summary>The stored form of the ledger's records. Every member is written, so that a reader never depends on a default.</summary>
[JsonSerializable(typeof(JobStatus))]
[JsonSerializable(typeof(JobEvent))]
[JsonSerializable(typeof(CollectionInfo))]
internal sealed partial class LedgerJson : JsonSerializerContext;
