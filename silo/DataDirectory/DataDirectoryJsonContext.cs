using System.Text.Json.Serialization;

namespace Quiver.Silo.DataDirectory;

/// <summary>The JSON of <see cref="DataDirectoryHolder"/>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DataDirectoryHolder))]
internal sealed partial class DataDirectoryJsonContext : JsonSerializerContext;
