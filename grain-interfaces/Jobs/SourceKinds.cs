using System.Buffers;

namespace Quiver.GrainInterfaces.Jobs;

/// <summary>
/// Determines the kind of a source from its paths: <c>scheme://…</c> has the kind <c>scheme</c>, everything else is a file or folder.
/// </summary>
public static class SourceKinds
{
    /// <summary>Files and folders.</summary>
    public const string Files = "files";

    private const string Separator = "://";
    private static readonly SearchValues<char> SchemeCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+.-");

    /// <summary>Returns the common kind of all paths.</summary>
    /// <param name="paths">Paths as a user writes them.</param>
    /// <exception cref="InvalidRequestException">With <see cref="ErrorCodes.InvalidOption"/>: the paths have different kinds.</exception>
    public static string Of(IEnumerable<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        var kinds = paths.Select(KindOf).Distinct(StringComparer.Ordinal).Take(2).ToArray();
        return kinds.Length < 2
            ? kinds.FirstOrDefault(Files)
            : throw new InvalidRequestException(ErrorCodes.InvalidOption, $"A job reads one kind of source: give '{kinds[0]}' and '{kinds[1]}' in jobs of their own.");
    }

    private static string KindOf(string path)
    {
        var end = path.IndexOf(Separator, StringComparison.Ordinal);
        if (end <= 1 || path.AsSpan(0, end).IndexOfAnyExcept(SchemeCharacters) >= 0)
        {
            return Files;
        }

        var scheme = path[..end].ToLowerInvariant();

        // PostgreSQL's own tools accept both schemes.
        return scheme == "postgresql" ? "postgres" : scheme;
    }
}
