namespace Quiver.Core.Sources;

/// <summary>A pattern for a path with forward slashes; <c>**</c> as a whole segment stands for any number of segments.</summary>
internal sealed class PathPattern
{
    /// <summary>A null entry is <c>**</c>.</summary>
    private readonly List<SegmentPattern?> _segments = [];

    private PathPattern()
    {
    }

    /// <summary>Null when a segment can match nothing.</summary>
    public static PathPattern? Parse(string pattern, bool extended)
    {
        var parsed = new PathPattern();
        foreach (var segment in pattern.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (segment == "**")
            {
                // Neighbours would only multiply the ways to match the same thing.
                if (parsed._segments is not [.., null])
                {
                    parsed._segments.Add(null);
                }
            }
            else if (SegmentPattern.Parse(segment, extended) is { } compiled)
            {
                parsed._segments.Add(compiled);
            }
            else
            {
                return null;
            }
        }

        return parsed._segments.Count == 0 ? null : parsed;
    }

    /// <summary>Whether the whole path matches; <c>**</c> at the end stands for at least one segment.</summary>
    public bool IsMatch(ReadOnlySpan<char> path)
    {
        var (segment, star) = (0, -1);
        var rest = path;
        var mark = path;
        while (rest.Length > 0)
        {
            if (segment < _segments.Count && _segments[segment] is null)
            {
                if (segment == _segments.Count - 1)
                {
                    return true;
                }

                star = segment++;
                mark = rest;
            }
            else if (segment < _segments.Count && _segments[segment]!.IsMatch(First(rest)))
            {
                segment++;
                rest = Rest(rest);
            }
            else if (star >= 0)
            {
                segment = star + 1;
                rest = mark = Rest(mark);
            }
            else
            {
                return false;
            }
        }

        return segment == _segments.Count;
    }

    private static ReadOnlySpan<char> First(ReadOnlySpan<char> path)
    {
        var slash = path.IndexOf('/');
        return slash < 0 ? path : path[..slash];
    }

    private static ReadOnlySpan<char> Rest(ReadOnlySpan<char> path)
    {
        var slash = path.IndexOf('/');
        return slash < 0 ? [] : path[(slash + 1)..];
    }
}
