using System.Text.Json.Serialization;

namespace Quiver.Adapters.Sources.Postgres;

/// <summary>The stored form of cursors.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(TableCursor))]
internal sealed partial class TableCursorJson : JsonSerializerContext;
