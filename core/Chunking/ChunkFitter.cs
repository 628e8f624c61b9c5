using Quiver.Core.Embedding;

namespace Quiver.Core.Chunking;

/// <summary>
/// Finds how much of a text fits into a chunk. Estimates the length from the characters per token of the previous chunks and counts the estimate's
/// tokens, so most text is tokenised once. The tokenizer itself corrects an estimate that was too long; one that was much too short grows.
/// </summary>
internal sealed class ChunkFitter(string text, ITokenizer tokenizer, CutFinder cuts, double charactersPerToken)
{
    /// <summary>No chunk has more characters than this for each of its tokens.</summary>
    public const int MaxCharactersPerToken = 16;

    private const double TargetFill = 0.92;
    private const double SufficientFill = 0.7;
    private const double MaxGrowth = 3;
    private const int MinCharacters = 16;
    private const int MaxGrowths = 2;
    private const int MaxCorrections = 4;
    private readonly int _specialTokens = tokenizer.CountTokens("");

    /// <summary>The ratio for the next estimate.</summary>
    public double CharactersPerToken { get; private set; } = charactersPerToken;

    /// <summary>The chunk's end and token count; null when the chunk cannot contain <paramref name="floor"/>, which is not white space.</summary>
    /// <param name="start">The chunk's first character.</param>
    /// <param name="floor">The first character that no earlier chunk has.</param>
    /// <param name="maxTokens">The maximum number of tokens.</param>
    public Fit? Find(int start, int floor, int maxTokens)
    {
        var limit = Estimate(start, maxTokens);
        Fit? best = null;
        for (var growths = 0; ; growths++)
        {
            if (Measure(start, floor, limit) is not { } fit)
            {
                return best;
            }

            if (fit.Tokens > maxTokens)
            {
                best ??= Shrink(start, floor, maxTokens, fit);
                break;
            }

            best = fit;
            var expected = fit.Tokens * (double)(limit - start) / (fit.End - start);
            var largest = start + (maxTokens * MaxCharactersPerToken);
            if (growths == MaxGrowths || fit.End == text.Length || limit >= largest || expected >= SufficientFill * maxTokens)
            {
                break;
            }

            var growth = Math.Min(MaxGrowth, TargetFill * maxTokens / Math.Max(1, expected));
            limit = (int)Math.Min(largest, start + ((limit - start) * growth));
        }

        if (best is { } found)
        {
            Learn(found.End - start, found.Tokens);
        }

        return best;
    }

    private int Estimate(int start, int maxTokens)
    {
        var characters = (int)Math.Max(MinCharacters, Math.Max(1, maxTokens - _specialTokens) * CharactersPerToken * TargetFill);

        // A remainder that may just fit is tried as a whole.
        return text.Length - start <= characters / TargetFill ? text.Length : start + characters;
    }

    private void Learn(int characters, int tokens)
    {
        var measured = characters / (double)Math.Max(1, tokens - _specialTokens);
        CharactersPerToken = Math.Clamp((CharactersPerToken + measured) / 2, 0.25, MaxCharactersPerToken);
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

    private Fit? Shrink(int start, int floor, int maxTokens, Fit fit)
    {
        for (var i = 0; i < MaxCorrections; i++)
        {
            var length = tokenizer.IndexOfTokenLimit(text.AsSpan(start, fit.End - start), maxTokens, out var tokens);

            // An end before the floor is useless, whatever its border.
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

/// <summary>The extent of a chunk.</summary>
/// <param name="Cut">The cut that ends the chunk.</param>
/// <param name="End">One past the chunk's last character.</param>
/// <param name="Tokens">The chunk's token count.</param>
internal readonly record struct Fit(Cut Cut, int End, int Tokens);
