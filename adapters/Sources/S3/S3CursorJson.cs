using System.Text.Json.Serialization;

namespace Quiver.Adapters.Sources.S3;

/// <summary>The stored form of cursors.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(S3Cursor))]
internal sealed partial class S3CursorJson : JsonSerializerContext;
