
using Quiver.Core.Embedding;

namespace Quiver.Core.Chunking;

/// <summary>
/// Finds how much of a text fits into a chunk. Guesses from the characters per token of the chunks before and counts the guess, so that most text
/// is tokenised once; a guess that was too long is corrected by the tokenizer itself, one that was much too short grows.
/// </summary>
internal sealed class ChunkFitter(string text, ITokenizer tokenizer, int maxTokens, CutFinder cuts, double charactersPerToken)
{
    private const double AimedFill = 0.92;
    private const double SatisfyingFill = 0.7;
    private const double LargestGrowth = 3;
    private const int MostCharactersPerToken = 16;
    private const int LeastCharacters = 16;
    private const int MaxGrowths = 2;
    private const int MaxCorrections = 4;
    private readonly int _specialTokens = tokenizer.CountTokens("");

    /// <summary>What the next guess is made from.</summary>
    public double CharactersPerToken { get; private set; } = charactersPerToken;

    /// <summary>The chunk's end and count; null when nothing behind <paramref name="floor"/> fits.</summary>
    /// <param name="start">Where the chunk begins.</param>
    /// <param name="floor">The chunk must reach behind this character, which is no white space.</param>
    public Fit? Find(int start, int floor)
    {
        var limit = Guess(start);
        Fit? best = null;
        for (var growths = 0; ; growths++)
        {
            if (Measure(start, floor, limit) is not { } fit)
            {
                return best;
            }

            if (fit.Tokens > maxTokens)
            {
                best ??= Shrink(start, floor, fit);
                break;
            }

            best = fit;
            var expected = fit.Tokens * (double)(limit - start) / (fit.End - start);
            var largest = start + (maxTokens * MostCharactersPerToken);
            if (growths == MaxGrowths || fit.End == text.Length || limit >= largest || expected >= SatisfyingFill * maxTokens)
            {
                break;
            }

            var growth = Math.Min(LargestGrowth, AimedFill * maxTokens / Math.Max(1, expected));
            limit = (int)Math.Min(largest, start + ((limit - start) * growth));
        }

        if (best is { } found)
        {
            Learn(found.End - start, found.Tokens);
        }

        return best;
    }

    private int Guess(int start)
    {
        var characters = (int)Math.Max(LeastCharacters, Math.Max(1, maxTokens - _specialTokens) * CharactersPerToken * AimedFill);
        // A remainder that may just fit is tried as a whole.
        return text.Length - start <= characters / AimedFill ? text.Length : start + characters;
    }

    private void Learn(int characters, int tokens)
    {
        var measured = characters / (double)Math.Max(1, tokens - _specialTokens);
        CharactersPerToken = Math.Clamp((CharactersPerToken + measured) / 2, 0.25, MostCharactersPerToken);
    }

    private Fit? Measure(int start, int floor, int limit)
    {
        if (cuts.Find(start, floor, limit) is not { } cut)
        {
            return null;
        }

        var end = start + text.AsSpan(start, cut.Position - start).TrimEnd().Length;
        return new Fit(cut, end, tokenizer.CountTokens(text.AsSpan(start, end - start)));
    }

    private Fit? Shrink(int start, int floor, Fit fit)
    {
        for (var i = 0; i < MaxCorrections; i++)
        {
            var length = tokenizer.IndexOfTokenLimit(text.AsSpan(start, fit.End - start), maxTokens, out var tokens);
            // What does not reach behind the floor with a fitting count is of no use, whatever its borders.
            if (start + length <= floor)
            {
                return null;
            }

            if (Measure(start, floor, Math.Min(start + length, fit.End - 1)) is { } smaller && smaller.Tokens <= maxTokens)
            {
                return smaller;
            }

            if (i == MaxCorrections - 1 || length >= fit.End - start)
            {
                return new Fit(new Cut(start + length, BorderStrength.Word), start + length, tokens);
            }

            fit = fit with { End = start + length };
        }

        return null;
    }
}
