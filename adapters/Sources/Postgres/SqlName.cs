namespace Quiver.Adapters.Sources.Postgres;

/// <summary>Names in SQL.</summary>
internal static class SqlName
{
    /// <summary>A name in quotes, so that every character of it stands for itself.</summary>
    public static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
