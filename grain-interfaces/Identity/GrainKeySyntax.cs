namespace Quiver.GrainInterfaces.Identity;

/// <summary>Joins and splits two-part grain keys. Names never hold the separator, so the pair is unambiguous.</summary>
internal static class GrainKeySyntax
{
    private const char Separator = '/';

    public static string Join(string first, string second) => string.Concat(first, "/", second);

    public static (string First, string Second) Split(string key)
    {
        var at = key.IndexOf(Separator, StringComparison.Ordinal);
        return at > 0 && at == key.LastIndexOf(Separator)
            ? (key[..at], key[(at + 1)..])
            : throw new InvalidRequestException("invalid_key", $"'{key}' is not a key of the form tenant/name.");
    }
}
