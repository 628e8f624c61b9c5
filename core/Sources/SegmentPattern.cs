namespace Quiver.Core.Sources;

/// <summary>A pattern for one name of a path: literal characters, <c>*</c>, <c>?</c> and, where asked for, <c>[a-z]</c> and <c>\</c> escapes.</summary>
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

    /// <summary>Whether the whole name matches. Going back to the last star only keeps it quadratic at worst.</summary>
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
