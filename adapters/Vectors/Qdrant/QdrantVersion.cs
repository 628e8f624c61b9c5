using System.Globalization;

namespace Quiver.Adapters.Vectors.Qdrant;

/// <summary>A server's version and what it can do. A version that cannot be read counts as the oldest that is served.</summary>
/// <param name="Major">Major.</param>
/// <param name="Minor">Minor.</param>
/// <param name="Text">As the server says it.</param>
internal sealed record QdrantVersion(int Major, int Minor, string Text)
{
    /// <summary>The oldest that is served: <c>/points/query</c> and facets came by then.</summary>
    public const string Oldest = "1.12";

    /// <summary>Whether it is too old.</summary>
    public bool IsTooOld => !IsAtLeast(1, 12);

    /// <summary>Upserts that spare existing points by a filter.</summary>
    public bool HasUpdateFilter => IsAtLeast(1, 16);

    /// <summary>Metadata of collections.</summary>
    public bool HasMetadata => IsAtLeast(1, 16);

    /// <summary>Strict mode.</summary>
    public bool HasStrictMode => IsAtLeast(1, 13);

    /// <summary>Reads a version such as <c>1.17.0</c> or <c>1.18.0-dev</c>.</summary>
    public static QdrantVersion Parse(string text)
    {
        var parts = text.Split('.', '-', '+');
        return parts.Length >= 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var major)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var minor)
                ? new(major, minor, text)
                : new(1, 12, text);
    }

    private bool IsAtLeast(int major, int minor) => (Major, Minor).CompareTo((major, minor)) >= 0;
}
