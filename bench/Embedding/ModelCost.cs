namespace Quiver.Bench.Embedding;

/// <summary>The multiplications of the default model, counted from its matrices: 2 · rows · columns each. Norms, softmax and activations count nothing.</summary>
internal static class ModelCost
{
    private const long PerToken = 2 * (
        (256 * 512L) + // residual of layer 0
        (256 * 768L) + (256 * 512L) + // attention of layer 0
        (512 * 1536L) + (512 * 512L) + // attention of layer 1
        (4 * 512 * 1536L)); // both feed-forward layers
    private const long PerTokenAndLength = 2 * 2 * (256 + 512L); // scores and mixing
    private const long PerText = 2 * 512 * 512L; // head

    /// <summary>How it is counted.</summary>
    public static string Describe => $"{PerToken / 1e6:F2} MFLOP per token + {PerTokenAndLength} FLOP per token and token of its text + {PerText / 1e6:F2} MFLOP per text";

    /// <summary>The floating-point operations for one text.</summary>
    public static double Flops(int tokens) => ((PerToken + (PerTokenAndLength * tokens)) * (double)tokens) + PerText;
}
