using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Quiver.Adapters.Embeddings.Onnx;
using Quiver.Bench.Embedding;
using Quiver.Bench.Inputs;
using Quiver.Bench.Measuring;

namespace Quiver.Bench.Ingest;

/// <summary>
/// JSON Lines to searchable, durable points with the default model ÷ a bare loop that embeds the very same chunks with the same model
/// and threads, in turns; and the bare loop ÷ a 2048³ MatMul of the same runtime.
/// </summary>
internal static class IngestBenchmark
{
    private const int Seed = 1;
    private const int TextsPerCall = 256;
    private const int Multiplications = 16;

    /// <summary>Two concurrent calls keep all threads busy: the reference loop should be a good one.</summary>
    private const int CallsAtATime = 2;

    public static async Task<int> RunAsync(string[] args)
    {
        var options = new BenchOptions(args);
        var (documents, rounds) = (options.Number("--documents", 1_000), options.Number("--rounds", 5));
        using var folder = new TemporaryFolder();
        var input = folder.File("articles.jsonl");
        new JsonRecords(Seed).WriteArticles(input, (count, _) => count == documents);
        using var model = new OnnxEmbeddingGenerator(Options.Create(new OnnxOptions()), NullLogger<OnnxEmbeddingGenerator>.Instance);
        using var ceiling = new MatMulCeiling();

        var (first, status, texts) = await IngestAsync(folder.Folder("warm-up"), input, export: true);
        var lengths = texts.Select(text => model.Tokenizer.CountTokens(text)).ToArray();
        var flops = lengths.Sum(ModelCost.Flops);
        Console.WriteLine(
            $"ingest: {documents} documents, {new FileInfo(input).Length / 1e6:F1} MB, {texts.Count} chunks, {lengths.Sum()} tokens, "
            + $"{new OnnxOptions().Threads} threads, seed {Seed}; warm-up {first.Seconds:F1} s, {status.Counters.PointsWritten} points");
        Verdict.Load();
        List<(Effort Whole, Effort Bare, Effort Peak)> measured = [];
        for (var round = 0; round < rounds; round++)
        {
            var bare = await Effort.OfAsync(() => EmbedAsync(model, texts));
            var (whole, _, _) = await IngestAsync(folder.Folder($"round-{round}"), input, export: false);
            var peak = await MultiplyAsync(ceiling, flops);
            measured.Add((whole, bare, peak));
            Console.WriteLine(
                $"  round {round + 1}: bare {bare.Seconds:F2} s ({bare.ProcessorSeconds:F2} s CPU), end to end {whole.Seconds:F2} s ({whole.ProcessorSeconds:F2} s CPU), "
                + $"{documents / whole.Seconds:F0} documents/s, ratio {bare.Seconds / whole.Seconds:F3}, CPU ratio {bare.ProcessorSeconds / whole.ProcessorSeconds:F3}");
        }

        Verdict.Load();
        Verdict.AtLeast("end to end ÷ bare loop, median of rounds", Median.Of(measured.Select(round => round.Bare.Seconds / round.Whole.Seconds)), 0.95);
        Verdict.AtLeast("the same by processor time: the share that is embedding", Median.Of(measured.Select(round => round.Bare.ProcessorSeconds / round.Whole.ProcessorSeconds)), 0.95);
        Verdict.AtLeast("bare loop ÷ 2048³ MatMul, median of rounds", Median.Of(measured.Select(round => round.Peak.Seconds / round.Bare.Seconds)), 0.70);
        Verdict.AtLeast("the same by processor time", Median.Of(measured.Select(round => round.Peak.ProcessorSeconds / round.Bare.ProcessorSeconds)), 0.70);
        return 0;
    }

    private static async Task<(Effort Effort, JobStatus Status, List<string> Texts)> IngestAsync(string directory, string input, bool export)
    {
        await using var silo = await BenchSilo.StartAsync(directory, trivialVectors: false);
        JobStatus? status = null;
        var effort = await Effort.OfAsync(async () => status = await silo.IngestAsync(input, DocumentFormat.JsonLines));
        List<string> texts = [];
        if (export)
        {
            await foreach (var point in silo.Client.ExportAsync(CollectionName.Parse("bench")))
            {
                using var payload = JsonDocument.Parse(point.PayloadJson);
                texts.Add(payload.RootElement.GetProperty("text").GetString()!);
            }
        }

        return (effort, status!, texts);
    }

    private static Task EmbedAsync(OnnxEmbeddingGenerator model, List<string> texts) =>
        Parallel.ForEachAsync(
            texts.Chunk(TextsPerCall),
            new ParallelOptions { MaxDegreeOfParallelism = CallsAtATime },
            async (call, stop) => await model.GenerateAsync(call, cancellationToken: stop));

    /// <summary>What the loop's floating-point operations take as multiplications of the same runtime on as many threads.</summary>
    private static async Task<Effort> MultiplyAsync(MatMulCeiling ceiling, double flops)
    {
        var threads = new OnnxOptions().Threads;
        var effort = await Effort.OfAsync(() =>
        {
            for (var i = 0; i < Multiplications; i++)
            {
                ceiling.Run(threads);
            }

            return Task.CompletedTask;
        });
        var share = flops / (Multiplications * threads * MatMulCeiling.Flops);
        return new(effort.Seconds * share, effort.ProcessorSeconds * share);
    }
}
