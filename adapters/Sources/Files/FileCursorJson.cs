using System.Text.Json.Serialization;

namespace Quiver.Adapters.Sources.Files;

/// <summary>The stored form of cursors; generated, because the first command of a process waits for it.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(FileCursor))]
internal sealed partial class FileCursorJson : JsonSerializerContext;
