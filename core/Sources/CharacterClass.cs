namespace Quiver.Core.Sources;

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
