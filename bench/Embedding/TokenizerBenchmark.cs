using System.Diagnostics;
using Quiver.Adapters.Embeddings.Onnx;

namespace Quiver.Bench.Embedding;

/// <summary>Megabytes of text that the default tokenizer counts per second on one thread.</summary>
internal static class TokenizerBenchmark
{
    private const int Rounds = 5;

    /// <summary>Prints the speed for plain English and for text that needs Unicode normalisation.</summary>
    public static Task<int> RunAsync(string[] args)
    {
        var tokenizer = LocalModelReader.Read(new OnnxOptions().ModelPath).Tokenizer;
        var plain = string.Concat(SampleTexts.Create(tokenizer, 200_000).First().Texts);
        var accented = plain.Replace('e', 'é').Replace('.', '…');
        foreach (var (name, text) in new[] { ("plain English", plain), ("accents and ellipses", accented) })
        {
            var best = Enumerable.Range(0, Rounds).Min(_ =>
            {
                var started = Stopwatch.GetTimestamp();
                tokenizer.CountTokens(text);
                return Stopwatch.GetElapsedTime(started);
            });
            Console.WriteLine($"tokenizer: {name,-22} {System.Text.Encoding.UTF8.GetByteCount(text) / best.TotalSeconds / 1e6,6:F1} MB/s on one thread (goal ≥ 10)");
        }

        return Task.FromResult(0);
    }
}
