using System.Text;

namespace Quiver.Core.Embedding.Tokenization;

/// <summary>
/// Counts tokens of a model whose tokenizer is not at hand, rather too many than too few: three letters of a lower-case word to a token, and
/// one token for every digit, every other ASCII character but a single space, every begin of a word or capital letter, and every UTF-8 byte
/// beyond ASCII. English prose comes out at about one and a half times its real count. A prefix never counts more than the whole.
/// </summary>
internal sealed class EstimatingTokenizer : ITokenizer
{
    private const int SpecialTokens = 2;
    private const int LettersPerToken = 3;

    /// <inheritdoc/>
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

    /// <inheritdoc/>
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

            // The first character is taken in any case.
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

    /// <summary>Cannot be answered: only whoever computes the model himself needs ids.</summary>
    /// <param name="text">Any text.</param>
    /// <exception cref="NotSupportedException">Always.</exception>
    public int[] Encode(ReadOnlySpan<char> text) => throw new NotSupportedException("An estimate has no ids of tokens.");

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
