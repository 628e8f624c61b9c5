namespace Quiver.Core.Embedding;

/// <summary>Recognises texts that a model has no words for: whatever they say, it embeds them all alike.</summary>
internal static class UnknownText
{
    private const double MinShare = 0.5;

    // Every model has words for what is below: Latin with its accents. Most texts need no second look.
    private const char LastLatin = '\u024F';

    /// <summary>Whether half of a text's tokens or more are unknown to the model.</summary>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="text">The text.</param>
    public static bool IsOne(ITokenizer tokenizer, ReadOnlySpan<char> text)
    {
        if (!text.ContainsAnyExceptInRange('\0', LastLatin))
        {
            return false;
        }

        var unknown = tokenizer.CountUnknown(text);
        return unknown > 0 && unknown >= MinShare * (tokenizer.CountTokens(text) - tokenizer.CountTokens(""));
    }
}
