namespace Quiver.Client.Cli.Parsing;

/// <summary>Tells addresses of sources from paths of files.</summary>
internal static class SourceAddress
{
    private static readonly Dictionary<string, string> Kinds = new(StringComparer.OrdinalIgnoreCase)
    {
        ["postgres"] = "postgres",
        ["postgresql"] = "postgres",
    };

    /// <summary>The kind of source that an address names by its scheme; null for a path.</summary>
    public static string? KindOf(string text)
    {
        var end = text.IndexOf("://", StringComparison.Ordinal);
        return end > 0 ? Kinds.GetValueOrDefault(text[..end]) : null;
    }
}
