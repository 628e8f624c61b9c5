
using Quiver.Core.Embedding;

namespace Quiver.Tests.Support;

/// <summary>A token for each run of characters that are not spaces.</summary>
internal sealed class WordTokenizer : ITokenizer
{
    public int CountTokens(ReadOnlySpan<char> text)
    {
        var tokens = 0;
        foreach (var part in text.Split(' '))
        {
            tokens += part.End.Value > part.Start.Value ? 1 : 0;
        }

        return tokens;
    }

    public int IndexOfTokenLimit(ReadOnlySpan<char> text, int maxTokens, out int tokens)
    {
        (tokens, var length) = (0, 0);
        foreach (var part in text.Split(' '))
        {
            var isWord = part.End.Value > part.Start.Value;
            if (isWord && tokens == maxTokens)
            {
                return length;
            }

            tokens += isWord ? 1 : 0;
            length = part.End.Value;
        }

        return text.Length;
    }

    public int[] Encode(ReadOnlySpan<char> text) => throw new NotSupportedException();
}
