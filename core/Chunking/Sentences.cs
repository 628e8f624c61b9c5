using System.Buffers;
using System.Collections.Frozen;

namespace Quiver.Core.Chunking;

/// <summary>Finds the ends of sentences by their punctuation.</summary>
internal static class Sentences
{
    private const int MaxAbbreviationLength = 6;
    private const int MaxClosers = 3;
    private const string Closers = "\"')]}»”’」』）】›";

    private static readonly SearchValues<char> Ends = SearchValues.Create(".!?…。！？｡؟۔।॥։።");
    private static readonly SearchValues<char> EndsWithoutSpace = SearchValues.Create("。！？｡");
    private static readonly SearchValues<char> ClosingSigns = SearchValues.Create(Closers);

    private static readonly FrozenSet<string> Abbreviations =
        ("al approx art ca cf ch co corp dept dr ed eds e.g eg est etc ff fig figs gen i.e ie inc jr ltd max min mr mrs ms mt no nos nr op p pp prof rev sec sgt sr st u.s viz vol vs "
        + "z.b bzw usw dgl evtl ggf bspw").Split(' ').ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Lookup = Abbreviations.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Whether a text ends with a sentence.</summary>
    public static bool IsEnd(ReadOnlySpan<char> text)
    {
        var trimmed = text.TrimEnd(Closers);
        return !trimmed.IsEmpty && (trimmed[^1] is ':' or ';' || (Ends.Contains(trimmed[^1]) && !EndsAbbreviated(trimmed)));
    }

    /// <summary>The last position right behind a sentence; negative for none.</summary>
    public static int LastEnd(ReadOnlySpan<char> text, int from, int to)
    {
        for (var window = to; window > 0 && window >= from;)
        {
            var sign = text[..window].LastIndexOfAny(Ends);
            if (sign < 0 || sign + 1 + MaxClosers < from)
            {
                return -1;
            }

            if (EndBehind(text, sign) is { } end && end >= from && end <= to)
            {
                return end;
            }

            window = sign;
        }

        return -1;
    }

    /// <summary>The first position right behind a sentence; negative for none.</summary>
    public static int FirstEnd(ReadOnlySpan<char> text, int from, int to)
    {
        for (var window = Math.Max(0, from - 1); window < to;)
        {
            var sign = text[window..to].IndexOfAny(Ends);
            if (sign < 0)
            {
                return -1;
            }

            sign += window;
            if (EndBehind(text, sign) is { } end && end >= from && end <= to)
            {
                return end;
            }

            window = sign + 1;
        }

        return -1;
    }

    /// <summary>The position behind the sentence that a sign ends, closing quotes and brackets included.</summary>
    private static int? EndBehind(ReadOnlySpan<char> text, int sign)
    {
        var end = sign + 1;
        while (end < text.Length && end <= sign + MaxClosers && ClosingSigns.Contains(text[end]))
        {
            end++;
        }

        if (EndsWithoutSpace.Contains(text[sign]))
        {
            return end;
        }

        if (end < text.Length && !char.IsWhiteSpace(text[end]))
        {
            return null;
        }

        return text[sign] == '.' && (EndsAbbreviated(text[..(sign + 1)]) || ContinuesInLowerCase(text, end)) ? null : end;
    }

    private static bool ContinuesInLowerCase(ReadOnlySpan<char> text, int end)
    {
        var next = end;
        while (next < text.Length && next < end + 4 && text[next] is ' ' or '\t')
        {
            next++;
        }

        return next < text.Length && char.IsLower(text[next]);
    }

    /// <summary>Whether the dot at the end belongs to an abbreviation or an initial.</summary>
    private static bool EndsAbbreviated(ReadOnlySpan<char> text)
    {
        if (text[^1] != '.')
        {
            return false;
        }

        var word = text[..^1];
        var start = word.Length;
        while (start > 0 && word.Length - start <= MaxAbbreviationLength && (char.IsLetter(word[start - 1]) || word[start - 1] == '.'))
        {
            start--;
        }

        word = word[start..];
        return (word.Length == 1 && char.IsUpper(word[0])) || (word.Length <= MaxAbbreviationLength && Lookup.Contains(word));
    }
}
