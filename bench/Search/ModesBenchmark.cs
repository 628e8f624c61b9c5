using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Quiver.Adapters.Embeddings.Onnx;
using Quiver.Adapters.Vectors.Embedded;
using Quiver.Bench.Inputs;
using Quiver.Bench.Measuring;
using Quiver.Bench.Retrieval;
using Quiver.Core.Embedding;
using Quiver.Core.Search;
using Quiver.Core.Vectors;

namespace Quiver.Bench.Search;

/// <summary>A hybrid search ÷ a dense one over the same chunks, one client, the query embedded by the default model each time, in turns.</summary>
internal static class ModesBenchmark
{
    private const int Seed = 1;
    private const int Batch = 256;
    private const int Writers = 4;
    private const int Rounds = 100;
    private const int WarmUp = 10;
    private const int Characters = 550;
    private const string Physical = "quiver_bench_modes";

    private static readonly CollectionKey Scope = new(TenantId.Parse("bench"), CollectionName.Parse("search"));
    private static readonly SearchMode[] Modes = [SearchMode.Dense, SearchMode.Lexical, SearchMode.Hybrid];

    /// <summary>Runs it.</summary>
    /// <param name="points">Chunks.</param>
    public static async Task RunAsync(int points)
    {
        using var folder = new TemporaryFolder();
        var options = new FlatIndexOptions { Directory = folder.Folder("index") };
        using var generator = new OnnxEmbeddingGenerator(Options.Create(new OnnxOptions()), NullLogger<OnnxEmbeddingGenerator>.Instance);
        await using var store = new FlatIndexStore(Options.Create(options));
        Console.WriteLine($"modes: {points} chunks of {Characters} characters, {generator.Info.Dimensions} dimensions, seed {Seed}, {options.SearchThreads} threads");
        await store.EnsureCollectionAsync(Physical, generator.Info.Dimensions);
        var prose = new Prose(Seed);
        var (characters, writing) = await WriteAsync(store, prose, points, generator.Info.Dimensions);
        var bytes = new FileInfo(FlatFiles.DatabaseIn(Path.Combine(options.Directory, Physical))).Length;
        Console.WriteLine($"upsert: {points / writing.TotalSeconds:f0} points/s; the database has {(double)bytes / points:f0} bytes a chunk, of them {(double)characters / points:f0} of text");
        await SearchAsync(store, generator, prose);
    }

    private static async Task<(long Characters, TimeSpan Writing)> WriteAsync(FlatIndexStore store, Prose prose, int points, int dimensions)
    {
        var (characters, writing) = (0L, TimeSpan.Zero);
        var random = new Random(Seed);
        for (var first = 0; first < points;)
        {
            List<VectorPoint[]> batches = [];
            for (var i = 0; i < Writers && first < points; i++, first += Batch)
            {
                batches.Add([.. Enumerable.Range(first, Math.Min(Batch, points - first)).Select(number => CreatePoint(number, prose.Text(Characters), dimensions, random))]);
            }

            characters += batches.Sum(static batch => batch.Sum(static point => (long)point.Payload.Text.Length));
            var started = Stopwatch.GetTimestamp();
            await Task.WhenAll(batches.Select(batch => store.UpsertAsync(new(Physical, Scope), batch)));
            writing += Stopwatch.GetElapsedTime(started);
        }

        return (characters, writing);
    }

    private static async Task SearchAsync(FlatIndexStore store, OnnxEmbeddingGenerator generator, Prose prose)
    {
        var model = new BenchModel(generator);
        var search = new CollectionSearch(EmbeddingModelCatalog.Of(model), store);
        var binding = new CollectionBinding { Key = Scope, PhysicalCollection = Physical, Model = model.Info.Id, Dimensions = model.Info.Dimensions };
        var random = new Random(Seed + 1);
        var times = Modes.ToDictionary(static mode => mode, static _ => new List<double>());
        for (var round = -WarmUp; round < Rounds; round++)
        {
            var words = prose.Text(400).Split(' ');
            var query = string.Join(' ', words.Take(random.Next(3, 9)));
            foreach (var mode in Modes)
            {
                var started = Stopwatch.GetTimestamp();
                await search.SearchAsync(binding, new() { Query = query, Mode = mode });
                if (round >= 0)
                {
                    times[mode].Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                }
            }
        }

        foreach (var (mode, taken) in times)
        {
            taken.Sort();
            Console.WriteLine($"{mode}: p50 {taken[Rounds / 2]:f2} ms, p95 {taken[Rounds * 95 / 100]:f2} ms, least {taken[0]:f2} ms");
        }

        Verdict.Load();
        Verdict.AtMost("hybrid p50 ÷ dense p50", times[SearchMode.Hybrid][Rounds / 2] / times[SearchMode.Dense][Rounds / 2], 1.5);
    }

    private static VectorPoint CreatePoint(int number, string text, int dimensions, Random random)
    {
        var vector = new float[dimensions];
        for (var i = 0; i < dimensions; i++)
        {
            vector[i] = random.NextSingle() - 0.5f;
        }

        return new(PointId.Create(Scope, $"document {number / 8}", number % 8), vector, new()
        {
            Scope = Scope,
            DocumentId = $"document {number / 8}",
            Chunk = number % 8,
            Text = text,
            StartChar = 0,
            EndChar = text.Length,
            StartLine = 1,
            EndLine = 10,
            Generation = 1,
            Epoch = 1,
            IndexedAt = DateTimeOffset.UnixEpoch,
        });
    }
}
