using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Quiver.Adapters.Embeddings.Onnx;

namespace Quiver.Bench.Embedding;

/// <summary>
/// The bare embedding loop (texts in, vectors out, tokenization included) ÷ the same ONNX Runtime's speed in a 2048³ MatMul on the same
/// number of threads. Both are measured in turns, and the best round of each counts, because other work on the machine only slows it down.
/// </summary>
internal static class EmbeddingBenchmark
{
    private const int Rounds = 5;
    private const int TokensPerRound = 40_000;

    /// <summary>Prints the ratios at 1 and 2 threads for three lengths of text.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        Console.WriteLine($"""
            embedding: bare loop (the build's precision, 8-bit integers by default) ÷ ONNX Runtime 2048³ MatMul, FP32
              model: {ModelCost.Describe}
              only real tokens count, no padding; tokenization is inside the loop; goal ≥ 0.70
              the ratio per CPU second leaves out what other processes took from the clock
            """);
        using var ceiling = new MatMulCeiling();
        foreach (var threads in new[] { 1, 2 })
        {
            using var generator = new OnnxEmbeddingGenerator(
                Options.Create(new OnnxOptions { Threads = threads }), NullLogger<OnnxEmbeddingGenerator>.Instance);
            await generator.GenerateAsync(["warm up"]);
            foreach (var (name, texts) in SampleTexts.Create(generator.Tokenizer, TokensPerRound))
            {
                await MeasureAsync(generator, ceiling, threads, name, texts);
            }
        }

        return 0;
    }

    private static async Task MeasureAsync(OnnxEmbeddingGenerator generator, MatMulCeiling ceiling, int threads, string name, IReadOnlyList<string> texts)
    {
        var lengths = texts.Select(text => generator.Tokenizer.CountTokens(text)).ToArray();
        var flops = lengths.Sum(ModelCost.Flops);
        var (loop, peak) = (default(Speed), default(Speed));
        for (var round = 0; round < Rounds; round++)
        {
            var multiplied = Stopwatches.Start();
            ceiling.Run(threads);
            peak = peak.Better(multiplied.Stop(threads * MatMulCeiling.Flops));

            var embedded = Stopwatches.Start();
            await generator.GenerateAsync(texts);
            loop = loop.Better(embedded.Stop(flops));
        }

        Console.WriteLine(
            $"  {threads} thread(s), {name,-16} {loop.PerSecond * lengths.Sum() / flops,7:F0} tokens/s, {loop.PerSecond * texts.Count / flops,5:F0} texts/s,"
            + $" {loop.PerSecond / 1e9,5:F1} ÷ {peak.PerSecond / 1e9,5:F1} GFLOP/s = {loop.PerSecond / peak.PerSecond:F2}"
            + $"; per CPU second {loop.PerProcessorSecond / 1e9,5:F1} ÷ {peak.PerProcessorSecond / 1e9,5:F1} = {loop.PerProcessorSecond / peak.PerProcessorSecond:F2}");
    }
}

/// <summary>The operations of the default model, from its matrices: 2 · rows · columns each. Norms, softmax and activations count nothing.</summary>
internal static class ModelCost
{
    private const int Layers = 6;
    private const long PerToken = 2 * Layers * (
        (4 * 384 * 384L) + // query, key, value and output of attention
        (2 * 384 * 1536L)); // feed-forward
    private const long PerTokenAndLength = 2 * 2 * Layers * 384L; // scores and mixing

    /// <summary>How the cost is counted.</summary>
    public static string Describe => $"{PerToken / 1e6:F2} MFLOP per token + {PerTokenAndLength} FLOP per token and token of its text";

    /// <summary>The floating-point operations for one text.</summary>
    public static double Flops(int tokens) => (PerToken + (PerTokenAndLength * tokens)) * (double)tokens;
}

/// <summary>Floating-point operations per second of wall-clock time and of processor time.</summary>
internal readonly record struct Speed(double PerSecond, double PerProcessorSecond)
{
    /// <summary>The better of two rounds, per measure.</summary>
    public Speed Better(Speed other) => new(Math.Max(PerSecond, other.PerSecond), Math.Max(PerProcessorSecond, other.PerProcessorSecond));
}

/// <summary>The wall-clock and processor time since a start.</summary>
internal readonly record struct Stopwatches(long Started, TimeSpan Processor)
{
    public static Stopwatches Start() => new(Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);

    /// <summary>The speed of the work since the start.</summary>
    public Speed Stop(double flops) => new(
        flops / Stopwatch.GetElapsedTime(Started).TotalSeconds,
        flops / (Environment.CpuUsage.TotalTime - Processor).TotalSeconds);
}
