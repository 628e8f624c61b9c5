namespace Quiver.Bench.Embedding;

/// <summary>The operations of the default model, counted from its matrices: 2 · rows · columns each. Norms, softmax and activations count nothing.</summary>
internal static class ModelCost
{
    private const int Layers = 6;
    private const long PerToken = 2 * Layers * (
        (4 * 384 * 384L) + // query, key, value and output of attention
        (2 * 384 * 1536L)); // feed-forward
    private const long PerTokenAndLength = 2 * 2 * Layers * 384L; // scores and mixing

    /// <summary>How it is counted.</summary>
    public static string Describe => $"{PerToken / 1e6:F2} MFLOP per token + {PerTokenAndLength} FLOP per token and token of its text";

    /// <summary>The floating-point operations for one text.</summary>
    public static double Flops(int tokens) => (PerToken + (PerTokenAndLength * tokens)) * (double)tokens;
}
