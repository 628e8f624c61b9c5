using System.Text.Json;
using System.Text.Json.Serialization;

namespace Quiver.Client.Cli.Json;

/// <summary>Writes an enumeration's names in camel case.</summary>
/// <typeparam name="T">The enumeration.</typeparam>
internal sealed class CamelCaseEnumConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase, allowIntegerValues: false)
    where T : struct, Enum;
