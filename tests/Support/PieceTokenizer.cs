using System.Text;
using Quiver.Core.Embedding;

namespace Quiver.Tests.Support;

/// <summary>
/// A tokenizer with the traits of real ones: words in pieces of four characters, runs of white space as one token or none, special tokens around
/// the text, and counts that do not add up when texts are joined.
/// </summary>
internal sealed class PieceTokenizer(int special = 2) : ITokenizer
{
    private const int PieceLength = 4;

    /// <summary>Characters given to <see cref="CountTokens"/> and <see cref="IndexOfTokenLimit"/> so far.</summary>
    public long Characters { get; private set; }

    public int CountTokens(ReadOnlySpan<char> text)
    {
        Characters += text.Length;
        return special + Walk(text, int.MaxValue, out _);
    }

    public int IndexOfTokenLimit(ReadOnlySpan<char> text, int maxTokens, out int tokens)
    {
        var count = Walk(text, Math.Max(1, maxTokens - special), out var length);
        Characters += length;
        tokens = special + count;
        return length;
    }

    public int[] Encode(ReadOnlySpan<char> text) => new int[CountTokens(text)];

    private static int Walk(ReadOnlySpan<char> text, int max, out int length)
    {
        var (count, at) = (0, 0);
        length = 0;
        while (at < text.Length)
        {
            var (next, cost) = Piece(text, at);
            if (count + cost > max && at > 0)
            {
                return count;
            }

            count += cost;
            at = next;
            length = at;
        }

        return count;
    }

    private static (int Next, int Cost) Piece(ReadOnlySpan<char> text, int at)
    {
        var end = at;
        if (char.IsWhiteSpace(text[at]))
        {
            while (end < text.Length && char.IsWhiteSpace(text[end]))
            {
                end++;
            }

            return (end, text[at..end].Contains('\n') ? 1 : 0);
        }

        for (var pieces = 0; pieces < PieceLength && end < text.Length && !char.IsWhiteSpace(text[end]); pieces++)
        {
            Rune.DecodeFromUtf16(text[end..], out _, out var length);
            end += length;
        }

        return (end, 1);
    }
}
