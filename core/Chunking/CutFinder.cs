using System.Globalization;

namespace Quiver.Core.Chunking;

/// <summary>Finds the best cut within the text that fits: prefers an early strong border to a late weak one, within limits.</summary>
/// <param name="text">The document.</param>
/// <param name="borders">Its lines.</param>
/// <param name="hasSentences">Whether it is prose.</param>
/// <param name="turns">Where its meaning turns; null for unknown.</param>
/// <param name="onlyWords">Whether every chunk is filled, whatever its last word belongs to.</param>
internal sealed class CutFinder(string text, BorderWindow borders, bool hasSentences, TextTurns? turns, bool onlyWords)
{
    private const int MaxClusterLength = 16;

    /// <summary>The minimum fill of a chunk, as a fraction of what fits, for a border of each strength to end it.</summary>
    private static readonly double[] MinFill = [0.4, 0.5, 0.6, 0.65, 0.5, 0.6, 0.3];

    /// <summary>The best end of a chunk behind <paramref name="floor"/>, at most <paramref name="limit"/>; null when nothing fits.</summary>
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

        if (turns?.SharpestWithin(MinPosition(start, floor, limit, BorderStrength.Section), limit) is >= 0 and var turn)
        {
            return new Cut(turn, BorderStrength.Section);
        }

        var cut = onlyWords ? FindWord(start, floor, limit) : FindBorder(start, floor, limit);
        if (onlyWords || cut is not { Strength: not BorderStrength.Section } found)
        {
            return cut;
        }

        // A heading stays with the text below it, a comment with the function.
        var lead = borders.LeadBefore(found.Position, floor);
        return lead >= 0 ? new Cut(lead, BorderStrength.Section) : cut;
    }

    private Cut? FindWord(int start, int floor, int limit)
    {
        var min = MinPosition(start, floor, limit, BorderStrength.Word);
        return LastWhiteSpace(min, limit) is >= 0 and var position ? new Cut(position, BorderStrength.Word) : WithinWord(floor, limit);
    }

    private static int MinPosition(int start, int floor, int limit, BorderStrength strength) =>
        Math.Max(floor + 1, start + (int)((limit - start) * MinFill[(int)strength]));

    private Cut? FindBorder(int start, int floor, int limit)
    {
        Span<int> lines = stackalloc int[(int)BorderStrength.SoftLine + 1];
        borders.LastWithin(floor, limit, lines);
        for (var strength = BorderStrength.Section; strength <= BorderStrength.Word; strength++)
        {
            var min = MinPosition(start, floor, limit, strength);
            var position = strength switch
            {
                BorderStrength.Sentence => hasSentences ? Sentences.LastEnd(text, min, limit) : -1,
                BorderStrength.Word => LastWhiteSpace(min, limit),
                _ => lines[(int)strength],
            };
            if (position >= min)
            {
                return new Cut(position, strength);
            }
        }

        return WithinWord(floor, limit);
    }

    /// <summary>The start of the part of a chunk that the next one repeats: a line, a sentence, or at least a word; negative for none.</summary>
    public int FindOverlap(int from, int end)
    {
        var line = borders.FirstWithin(from, end, hasSentences ? BorderStrength.Line : BorderStrength.SoftLine);
        var sentence = hasSentences ? Sentences.FirstEnd(text, from, end - 1) : -1;
        var position = line < 0 || (sentence >= 0 && sentence < line) ? sentence : line;
        if (position < 0)
        {
            position = text.AsSpan(from, end - from).IndexOfAny(" \t\r\n") is >= 0 and var space ? from + space : -1;
        }

        return position;
    }

    private int LastWhiteSpace(int min, int limit)
    {
        for (var i = limit; i >= min; i--)
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
        for (var i = limit; i > floor && i > limit - MaxClusterLength; i--)
        {
            if (!SplitsCluster(i))
            {
                return new Cut(i, BorderStrength.Word);
            }
        }

        // A very long run of combining marks is cut anyway, but never a surrogate pair.
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

/// <summary>A position at which a chunk may end.</summary>
/// <param name="Position">One past its last character, white space at the end included.</param>
/// <param name="Strength">Its rating.</param>
internal readonly record struct Cut(int Position, BorderStrength Strength);
