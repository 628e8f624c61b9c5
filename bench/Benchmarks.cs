using Quiver.Bench.Chaos;
using Quiver.Bench.Commands;
using Quiver.Bench.Embedding;
using Quiver.Bench.Ingest;
using Quiver.Bench.Memory;
using Quiver.Bench.Pipeline;
using Quiver.Bench.Provider;
using Quiver.Bench.Qdrant;
using Quiver.Bench.Search;
using Quiver.Bench.Watch;

namespace Quiver.Bench;

/// <summary>The benchmarks by name.</summary>
internal static class Benchmarks
{
    private const int UsageError = 2;

    private static readonly (string Name, string Does, Func<string[], Task<int>> RunAsync)[] All =
    [
        ("grains", "grain calls per second and bytes per call, beside an awaited hop to the thread pool", Grains.GrainsBenchmark.RunAsync),
        ("embedding", "bare embedding loop ÷ ONNX Runtime 2048³ MatMul, goal ≥ 0.70", EmbeddingBenchmark.RunAsync),
        ("tokenizer", "megabytes of text tokenized per second", TokenizerBenchmark.RunAsync),
        ("search", "exact search over 100,000 × 512 ÷ one pass over the same memory, goal ≤ 1.3 [points]", SearchBenchmark.RunAsync),
        ("ingest", "end to end ÷ bare embedding loop over the same texts, goal ≥ 0.95 [--documents N] [--rounds N]", IngestBenchmark.RunAsync),
        ("pipeline", "everything but embedding ÷ parsing the same JSON Lines, goal ≥ 0.5 [--megabytes N] [--rounds N]", PipelineBenchmark.RunAsync),
        ("memory", "peak resident set at 2 GB ÷ at 100 MB, goal ≤ 1.1 [--small] [--format jsonl|json] [--source files|s3: 1 GB ÷ 50 MB]", MemoryBenchmark.RunAsync),
        ("provider", "requests/s over a provider of 50 ms ÷ (batches in flight ÷ latency), goal ≥ 0.95 [--latency MS] [--seconds N] [--rounds N] [--in-flight N]; with --per-minute N [--minutes N] how much of a provider's limit is used, goal ≥ 0.9", ProviderBenchmark.RunAsync),
        ("qdrant", "writes of the Qdrant adapter ÷ a bare gRPC loop sending the same messages, goal ≥ 0.95 [--batches N] [--rounds N] [--service-ms N]", QdrantBenchmark.RunAsync),
        ("watch", "how late events of a busy job reach a watcher, goal: 95 of 100 within 50 ms [--documents N]", WatchBenchmark.RunAsync),
        ("chaos", "every kind of job on every kind of deployment, killed at random moments, ends as an undisturbed one [--kills N] [--seed N]", ChaosBenchmark.KillAsync),
        ("soak", "two tenants over a provider and a store that fail at random; nothing is lost and nothing grows [--minutes N] [--seed N]", ChaosBenchmark.SoakAsync),
        ("commands", "commands of a published build from process start to end, an idle server, sizes [--runs N] [--published DIR] [--beside DIR]", CommandsBenchmark.RunAsync),
    ];

    /// <summary>Runs the benchmark that the first argument names, or lists them all.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        if (args.Length == 0)
        {
            Console.WriteLine("dotnet run -c Release --project bench -- NAME [options]");
            foreach (var (name, does, _) in All)
            {
                Console.WriteLine($"  {name,-10} {does}");
            }

            return 0;
        }

        if (args[0] == MemoryProbe.Name)
        {
            return await MemoryProbe.RunAsync(args[1..]);
        }

        if (args[0] == SlowProvider.Name)
        {
            return await SlowProvider.RunAsync(args[1..]);
        }

        var found = Array.Find(All, benchmark => benchmark.Name == args[0]);
        if (found.RunAsync is null)
        {
            Console.Error.WriteLine($"There is no benchmark {args[0]}; there are: {string.Join(", ", All.Select(benchmark => benchmark.Name))}.");
            return UsageError;
        }

        return await found.RunAsync(args[1..]);
    }
}
