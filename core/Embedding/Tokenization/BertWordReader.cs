using System.Globalization;
using System.Text;

namespace Quiver.Core.Embedding.Tokenization;

/// <summary>BERT's basic tokenization: gives the words of a text one after the other, cleaned and folded.</summary>
internal ref struct BertWordReader(ReadOnlySpan<char> text, WordPieceOptions options, Span<char> word)
{
    /// <summary>A longer word is unknown as a whole, as in the original.</summary>
    public const int MaxWordRunes = 100;

    /// <summary>Room that a word may take.</summary>
    public const int BufferLength = (MaxWordRunes * 2) + 64;

    private readonly ReadOnlySpan<char> _text = text;
    private readonly Span<char> _word = word;
    private int _runes;
    private int _length;

    /// <summary>The word found; empty when it is too long to be known.</summary>
    public readonly ReadOnlySpan<char> Word => _runes > MaxWordRunes ? [] : _word[.._length];

    /// <summary>Where the word starts in the text.</summary>
    public int Start { get; private set; }

    /// <summary>Where the word ends in the text.</summary>
    public int End { get; private set; }

    /// <summary>Goes to the next word.</summary>
    /// <returns>False when there is none.</returns>
    public bool TryRead()
    {
        (_length, _runes) = (0, 0);
        var position = End;
        while (position < _text.Length)
        {
            // A lone surrogate is decoded as U+FFFD and so dropped.
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
