using System.Globalization;

namespace Quiver.Core.Chunking;

/// <summary>Finds the best place to end a chunk within what fits: a strong border early rather than a weak one late, within reason.</summary>
internal sealed class CutFinder(string text, BorderWindow borders, bool hasSentences)
{
    private const int LongestCluster = 16;

    /// <summary>How full a chunk must be, in parts of what fits, for a line border of each strength to end it.</summary>
    private static readonly double[] LeastFill = [0.4, 0.5, 0.6, 0.65, 0.5, 0.6, 0.3];

    /// <summary>The end of a chunk; null when nothing behind <paramref name="floor"/> fits.</summary>
    /// <param name="start">Where the chunk begins.</param>
    /// <param name="floor">The chunk must reach behind this.</param>
    /// <param name="limit">The largest end.</param>
    public Cut? Find(int start, int floor, int limit)
    {
        if (limit >= text.Length)
        {
            return new Cut(text.Length, BorderStrength.Section);
        }

        if (limit <= floor)
        {
            return null;
        }

        Span<int> lines = stackalloc int[(int)BorderStrength.SoftLine + 1];
        borders.LastWithin(floor, limit, lines);
        for (var strength = BorderStrength.Section; strength <= BorderStrength.Word; strength++)
        {
            var least = Math.Max(floor + 1, start + (int)((limit - start) * LeastFill[(int)strength]));
            var position = strength switch
            {
                BorderStrength.Sentence => hasSentences ? Sentences.LastEnd(text, least, limit) : -1,
                BorderStrength.Word => LastWhiteSpace(least, limit),
                _ => lines[(int)strength],
            };
            if (position >= least)
            {
                return new Cut(position, strength);
            }
        }

        return WithinWord(floor, limit);
    }

    /// <summary>Where the repetition of a chunk's end begins: a line or a sentence, or at least a word; negative when there is no such place.</summary>
    /// <param name="from">The smallest place wanted.</param>
    /// <param name="end">The chunk's end.</param>
    public int FindOverlap(int from, int end)
    {
        var line = borders.FirstWithin(from, end, hasSentences ? BorderStrength.Line : BorderStrength.SoftLine);
        var sentence = hasSentences ? Sentences.FirstEnd(text, from, end - 1) : -1;
        var place = line < 0 || (sentence >= 0 && sentence < line) ? sentence : line;
        if (place < 0)
        {
            place = text.AsSpan(from, end - from).IndexOfAny(" \t\r\n") is >= 0 and var space ? from + space : -1;
        }

        return place;
    }

    private int LastWhiteSpace(int least, int limit)
    {
        for (var i = limit; i >= least; i--)
        {
            if (char.IsWhiteSpace(text[i]))
            {
                return i;
            }
        }

        return -1;
    }

    private Cut? WithinWord(int floor, int limit)
    {
        for (var i = limit; i > floor && i > limit - LongestCluster; i--)
        {
            if (!SplitsCluster(i))
            {
                return new Cut(i, BorderStrength.Word);
            }
        }

        // A pile of marks without end is cut anyway, but never a surrogate pair.
        var position = char.IsSurrogatePair(text[limit - 1], text[limit]) ? limit - 1 : limit;
        return position > floor ? new Cut(position, BorderStrength.Word) : null;
    }

    private bool SplitsCluster(int position)
    {
        var (before, behind) = (text[position - 1], text[position]);
        return char.IsSurrogatePair(before, behind) || (before == '\r' && behind == '\n') || before == '\u200D' || behind == '\u200D'
            || CharUnicodeInfo.GetUnicodeCategory(behind) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.SpacingCombiningMark;
    }
}
