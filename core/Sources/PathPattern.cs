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
                // Adjacent ones would only multiply the ways to match the same path.
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

/// <summary>A pattern for one name of a path: literal characters, <c>*</c>, <c>?</c> and, if extended, <c>[a-z]</c> and <c>\</c> escapes.</summary>
internal sealed class SegmentPattern
{
    private readonly List<Token> _tokens = [];

    private SegmentPattern()
    {
    }

    private enum Kind
    {
        Literal = 1,
        AnyCharacter = 2,
        AnyRun = 3,
        Class = 4,
    }

    /// <summary>Null when a class or an escape is not closed: such a pattern matches nothing in git.</summary>
    public static SegmentPattern? Parse(string pattern, bool extended)
    {
        var parsed = new SegmentPattern();
        for (var i = 0; i < pattern.Length; i++)
        {
            switch (pattern[i])
            {
                case '*':
                    parsed._tokens.Add(new Token(Kind.AnyRun));
                    break;
                case '?':
                    parsed._tokens.Add(new Token(Kind.AnyCharacter));
                    break;
                case '\\' when extended:
                    if (++i == pattern.Length)
                    {
                        return null;
                    }

                    parsed._tokens.Add(new Token(Kind.Literal, pattern[i]));
                    break;
                case '[' when extended:
                    if (CharacterClass.Parse(pattern, ref i) is not { } set)
                    {
                        return null;
                    }

                    parsed._tokens.Add(new Token(Kind.Class, Set: set));
                    break;
                default:
                    parsed._tokens.Add(new Token(Kind.Literal, pattern[i]));
                    break;
            }
        }

        return parsed;
    }

    /// <summary>Whether the whole name matches. Backtracks to the last star only, which keeps it quadratic at worst.</summary>
    public bool IsMatch(ReadOnlySpan<char> name)
    {
        var (token, at, star, mark) = (0, 0, -1, 0);
        while (at < name.Length)
        {
            if (token < _tokens.Count && _tokens[token].Kind == Kind.AnyRun)
            {
                star = token++;
                mark = at;
            }
            else if (token < _tokens.Count && _tokens[token].Matches(name[at]))
            {
                token++;
                at++;
            }
            else if (star >= 0)
            {
                token = star + 1;
                at = ++mark;
            }
            else
            {
                return false;
            }
        }

        while (token < _tokens.Count && _tokens[token].Kind == Kind.AnyRun)
        {
            token++;
        }

        return token == _tokens.Count;
    }

    private readonly record struct Token(Kind Kind, char Literal = '\0', CharacterClass? Set = null)
    {
        public bool Matches(char c) => Kind switch
        {
            Kind.Literal => c == Literal,
            Kind.Class => Set!.Contains(c),
            _ => true,
        };
    }
}

/// <summary>A class of a pattern such as <c>[a-z_]</c> or <c>[!0-9]</c>.</summary>
internal sealed class CharacterClass
{
    private readonly List<(char From, char To)> _ranges = [];
    private bool _negated;

    private CharacterClass()
    {
    }

    /// <summary>Reads the class that opens at <paramref name="at"/> and leaves it at the closing bracket; null when there is none.</summary>
    public static CharacterClass? Parse(string pattern, ref int at)
    {
        var set = new CharacterClass();
        var i = at + 1;
        if (i < pattern.Length && pattern[i] is '!' or '^')
        {
            set._negated = true;
            i++;
        }

        for (var first = true; i < pattern.Length; first = false)
        {
            if (pattern[i] == ']' && !first)
            {
                at = i;
                return set;
            }

            if (!TryTake(pattern, ref i, out var from))
            {
                return null;
            }

            var to = from;
            if (i + 1 < pattern.Length && pattern[i] == '-' && pattern[i + 1] != ']')
            {
                i++;
                if (!TryTake(pattern, ref i, out to))
                {
                    return null;
                }
            }

            set._ranges.Add((from, to));
        }

        return null;
    }

    public bool Contains(char c) => _ranges.Exists(range => c >= range.From && c <= range.To) != _negated;

    private static bool TryTake(string pattern, ref int at, out char c)
    {
        c = '\0';
        if (pattern[at] == '\\' && ++at == pattern.Length)
        {
            return false;
        }

        c = pattern[at++];
        return true;
    }
}
