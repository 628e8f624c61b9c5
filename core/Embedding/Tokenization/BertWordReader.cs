using System.Globalization;
using System.Text;

namespace Quiver.Core.Embedding.Tokenization;

/// <summary>BERT's basic tokenization: reads the words of a text one after the other, cleaned and folded.</summary>
internal ref struct BertWordReader(ReadOnlySpan<char> text, WordPieceOptions options, Span<char> word)
{
    /// <summary>A longer word is unknown as a whole, as in the original tokenizer.</summary>
    public const int MaxWordRunes = 100;

    public const int BufferLength = (MaxWordRunes * 2) + 64;

    private readonly ReadOnlySpan<char> _text = text;
    private readonly Span<char> _word = word;
    private int _runes;
    private int _length;

    /// <summary>The current word; empty when it is longer than <see cref="MaxWordRunes"/>.</summary>
    public readonly ReadOnlySpan<char> Word => _runes > MaxWordRunes ? [] : _word[.._length];

    public int Start { get; private set; }

    public int End { get; private set; }

    /// <summary>Reads the next word.</summary>
    /// <returns>False when there is none.</returns>
    public bool TryRead()
    {
        (_length, _runes) = (0, 0);
        var position = End;
        while (position < _text.Length)
        {
            // A lone surrogate is decoded as U+FFFD, which is dropped.
            Rune.DecodeFromUtf16(_text[position..], out var rune, out var consumed);
            var alone = BertCharacters.IsPunctuation(rune)
                || (options.SplitIdeographs && BertCharacters.IsIdeograph(rune))
                || (options.LowerCase && BertCharacters.IsAccentedPunctuation(rune));
            if (_runes > 0 && (alone || BertCharacters.IsSpace(rune)))
            {
                return true;
            }

            position += consumed;
            if (!BertCharacters.IsSpace(rune) && !BertCharacters.IsIgnored(rune))
            {
                Append(rune, position - consumed);
                End = _runes > 0 ? position : End;
                if (alone)
                {
                    return _runes > 0;
                }
            }
        }

        if (_runes == 0)
        {
            End = _text.Length;
        }

        return _runes > 0;
    }

    private void Append(Rune rune, int start)
    {
        var before = _runes;
        if (!options.LowerCase)
        {
            Put(rune);
        }
        else if (rune.IsAscii)
        {
            Put(new Rune(char.ToLowerInvariant((char)rune.Value)));
        }
        else
        {
            foreach (var part in rune.ToString().Normalize(NormalizationForm.FormD).EnumerateRunes())
            {
                if (Rune.GetUnicodeCategory(part) != UnicodeCategory.NonSpacingMark)
                {
                    Put(Rune.ToLowerInvariant(part));
                }
            }
        }

        if (before == 0)
        {
            Start = start;
        }
    }

    private void Put(Rune rune)
    {
        if (++_runes <= MaxWordRunes)
        {
            _length += rune.EncodeToUtf16(_word[_length..]);
        }
    }
}

/// <summary>The character classes of BERT's basic tokenization.</summary>
internal static class BertCharacters
{
    /// <summary>Characters that are dropped.</summary>
    public static bool IsIgnored(Rune rune) =>
        rune.Value is 0 or 0xFFFD
        || (!IsSpace(rune) && Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);

    /// <summary>Characters that separate words.</summary>
    public static bool IsSpace(Rune rune) =>
        rune.Value is ' ' or '\t' or '\n' or '\r'
        || (!rune.IsAscii
            && Rune.GetUnicodeCategory(rune) is UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);

    /// <summary>Characters that are words by themselves; all ASCII symbols count.</summary>
    public static bool IsPunctuation(Rune rune) => rune.IsAscii
        ? rune.Value > ' ' && rune.Value < 0x7F && !char.IsAsciiLetterOrDigit((char)rune.Value)
        : Rune.IsPunctuation(rune);

    /// <summary>Characters that become ASCII punctuation when accents are stripped: not equal, not less, not greater, Greek varia.</summary>
    public static bool IsAccentedPunctuation(Rune rune) => rune.Value is 0x2260 or 0x226E or 0x226F or 0x1FEF;

    /// <summary>CJK ideographs, without Kana and Hangul.</summary>
    public static bool IsIdeograph(Rune rune) => rune.Value is
        (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x20000 and <= 0x2A6DF) or (>= 0x2A700 and <= 0x2CEAF)
        or (>= 0xF900 and <= 0xFAFF) or (>= 0x2F800 and <= 0x2FA1F);
}
