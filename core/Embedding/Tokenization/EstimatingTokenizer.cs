using System.Text;

namespace Quiver.Core.Embedding.Tokenization;

/// <summary>
/// Estimates the tokens of a model without a known tokenizer, and errs on the high side: one token per three letters of a lower-case word,
/// and one for every digit, every other ASCII character except a single space, every start of a word or capital letter, and every UTF-8 byte
/// of other characters. English prose is estimated at about 1.5 times its real count. A prefix never has more tokens than the whole text.
/// </summary>
internal sealed class EstimatingTokenizer : ITokenizer
{
    private const int SpecialTokens = 2;
    private const int LettersPerToken = 3;

    public int CountTokens(ReadOnlySpan<char> text)
    {
        var (tokens, run, before) = (SpecialTokens, 0, '\0');
        foreach (var character in text)
        {
            tokens += Cost(character, before, ref run);
            before = character;
        }

        return tokens;
    }

    public int IndexOfTokenLimit(ReadOnlySpan<char> text, int maxTokens, out int tokens)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxTokens, 1);
        var (sum, run, before, length) = (SpecialTokens, 0, '\0', 0);
        tokens = sum;
        while (length < text.Length)
        {
            var step = length + 1 < text.Length && char.IsSurrogatePair(text[length], text[length + 1]) ? 2 : 1;
            for (var i = 0; i < step; i++)
            {
                sum += Cost(text[length + i], before, ref run);
                before = text[length + i];
            }

            // The first character is always taken.
            if (sum > maxTokens && length > 0)
            {
                break;
            }

            length += step;
            tokens = sum;
            if (sum > maxTokens)
            {
                break;
            }
        }

        return length;
    }

    /// <summary>Not supported: only local models need token ids.</summary>
    /// <param name="text">Any text.</param>
    /// <exception cref="NotSupportedException">Always.</exception>
    public int[] Encode(ReadOnlySpan<char> text) => throw new NotSupportedException("An estimating tokenizer has no token ids.");

    private static int Cost(char character, char before, ref int run)
    {
        if (char.IsAsciiLetterLower(character))
        {
            run = char.IsAsciiLetter(before) ? run + 1 : 0;
            return run % LettersPerToken == 0 ? 1 : 0;
        }

        run = 0;
        return character switch
        {
            ' ' when before is not (' ' or '\0') => 0,
            < (char)0x80 => 1,
            _ when char.IsSurrogate(character) => 2,
            _ => new Rune(character).Utf8SequenceLength,
        };
    }
}
