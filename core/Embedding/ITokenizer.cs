namespace Quiver.Core.Embedding;

/// <summary>Counts and makes the tokens of one embedding model. Thread-safe; no text is too long for it.</summary>
public interface ITokenizer
{
    /// <summary>The number of tokens that the model would see for this text, special tokens included.</summary>
    /// <param name="text">Any text, lone surrogates included.</param>
    int CountTokens(ReadOnlySpan<char> text);

    /// <summary>
    /// How many characters of <paramref name="text"/> fit into <paramref name="maxTokens"/>: the length of the longest prefix found whose
    /// own count does not exceed it. Never splits a surrogate pair; at least one character where the text has one.
    /// </summary>
    /// <param name="text">Any text.</param>
    /// <param name="maxTokens">At least 1.</param>
    /// <param name="tokens">The prefix's count.</param>
    int IndexOfTokenLimit(ReadOnlySpan<char> text, int maxTokens, out int tokens);

    /// <summary>The ids that the model takes, special tokens included, without truncation.</summary>
    /// <param name="text">Any text.</param>
    int[] Encode(ReadOnlySpan<char> text);
}
