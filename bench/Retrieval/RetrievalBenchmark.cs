using System.Diagnostics;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Quiver.Adapters.Embeddings.Onnx;
using Quiver.Adapters.Vectors.Embedded;
using Quiver.Bench.Measuring;
using Quiver.Core.Embedding;
using Quiver.Core.Search;
using Quiver.Core.Vectors;

namespace Quiver.Bench.Retrieval;

/// <summary>
/// What a search finds in judged collections: each document a chunk, embedded as far as the model reads, searched as Quiver searches in its three modes,
/// beside a plain BM25.
/// </summary>
internal static class RetrievalBenchmark
{
    private const int Depth = 100;
    private const int Batch = 256;
    private const double SciFactGoal = 0.72;

    private static readonly SearchMode[] Modes = [SearchMode.Dense, SearchMode.Lexical, SearchMode.Hybrid];

    public static async Task<int> RunAsync(string[] args)
    {
        var options = new BenchOptions(args);
        if (options.Text("--data", "") is not { Length: > 0 } data)
        {
            Console.Error.WriteLine("Name the folder of the judged collections: --data DIR. Each is a folder with docs.tsv.gz, queries.tsv and qrels.tsv.");
            return 2;
        }

        using var temporary = new TemporaryFolder();
        var index = options.Text("--index", temporary.Folder("index"));
        var collections = JudgedCollection.ReadAll(data);
        var weight = options.Number("--lexical-percent", (int)(SearchRequest.DefaultLexicalWeight * 100)) / 100.0;
        foreach (var collection in collections)
        {
            var bm25 = new PlainBm25(collection.Documents);
            var scores = collection.Queries.Select(query => (query.Id, Ranking: bm25.Search(query.Text, Depth))).ToList();
            Print(collection, "-", "plain BM25", scores);
        }

        foreach (var model in options.Text("--models", LocalModelFolders.Default).Split(','))
        {
            using var generator = new OnnxEmbeddingGenerator(
                Options.Create(new OnnxOptions { ModelPath = model, TruncateLongTexts = true }),
                NullLogger<OnnxEmbeddingGenerator>.Instance);
            await MeasureAsync(new BenchModel(generator), collections, index, weight);
        }

        return 0;
    }

    private static async Task MeasureAsync(BenchModel model, IReadOnlyList<JudgedCollection> collections, string index, double weight)
    {
        await using var store = new FlatIndexStore(Options.Create(new FlatIndexOptions { Directory = index }));
        List<double> gains = [];
        foreach (var collection in collections)
        {
            var binding = new CollectionBinding
            {
                Key = new(TenantId.Parse("bench"), CollectionName.Parse(collection.Name)),
                PhysicalCollection = $"{collection.Name}_{model.Info.Name}_{model.Info.Revision}",
                Model = model.Info.Id,
                Dimensions = model.Info.Dimensions,
            };
            await StoreAsync(store, binding, model, collection);
            var search = new CollectionSearch(EmbeddingModelCatalog.Of(model), store);
            Dictionary<SearchMode, double> results = [];
            foreach (var mode in Modes)
            {
                List<(string Query, IReadOnlyList<string> Ranking)> rankings = [];
                foreach (var query in collection.Queries)
                {
                    var result = await search.SearchAsync(
                        binding, new() { Query = query.Text, Limit = Depth, Mode = mode, LexicalWeight = mode == SearchMode.Hybrid ? weight : null });
                    rankings.Add((query.Id, [.. result.Hits.Select(static hit => hit.DocumentId)]));
                }

                results[mode] = Print(collection, model.Info.Name, mode.ToString(), rankings);
            }

            var better = Math.Max(results[SearchMode.Dense], results[SearchMode.Lexical]);
            gains.Add(results[SearchMode.Hybrid] / better);
            Verdict.AtLeast($"{collection.Name}: hybrid ÷ its better half", gains[^1], 0.99);
            if (collection.Name == "scifact")
            {
                Verdict.AtLeast("scifact: nDCG@10 of hybrid", results[SearchMode.Hybrid], SciFactGoal);
            }
        }

        Verdict.AtLeast($"{model.Info.Name}: hybrid ÷ its better half, mean of the collections", gains.Average(), 1.03);
    }

    private static async Task StoreAsync(FlatIndexStore store, CollectionBinding binding, BenchModel model, JudgedCollection collection)
    {
        await store.EnsureCollectionAsync(binding.PhysicalCollection, binding.Dimensions);
        if (await store.CountAsync(binding.PointScope) == collection.Documents.Count)
        {
            // An index that was named and filled before.
            while (await store.QueryLexicalAsync(binding.PointScope, new("a", 1)) is { Gap: { } gap })
            {
                Console.WriteLine($"  {gap.Reason}");
                await Task.Delay(TimeSpan.FromSeconds(1));
            }

            return;
        }

        var started = Stopwatch.GetTimestamp();
        foreach (var documents in collection.Documents.Chunk(Batch))
        {
            var vectors = await model.Generator.GenerateAsync(documents.Select(static document => document.Text));
            await store.UpsertAsync(binding.PointScope, [.. documents.Select((document, i) => CreatePoint(binding, document, vectors[i].Vector))]);
        }

        Console.WriteLine($"  {collection.Name}: {collection.Documents.Count} documents embedded and stored in {Stopwatch.GetElapsedTime(started).TotalSeconds:F0} s");
    }

    private static VectorPoint CreatePoint(CollectionBinding binding, JudgedText document, ReadOnlyMemory<float> vector) =>
        new(PointId.Create(binding.Key, document.Id, 0), vector, new()
        {
            Scope = binding.Key,
            DocumentId = document.Id,
            Chunk = 0,
            Text = document.Text,
            StartChar = 0,
            EndChar = document.Text.Length,
            StartLine = 1,
            EndLine = 1,
            Generation = 1,
            Epoch = 1,
            IndexedAt = DateTimeOffset.UnixEpoch,
        });

    /// <summary>Prints a row of the table; returns nDCG@10.</summary>
    private static double Print(JudgedCollection collection, string model, string mode, List<(string Query, IReadOnlyList<string> Ranking)> rankings)
    {
        var gain = rankings.Average(ranking => collection.Ndcg10(ranking.Query, ranking.Ranking));
        var recall = rankings.Average(ranking => collection.Recall100(ranking.Query, ranking.Ranking));
        Console.WriteLine($"  {collection.Name,-12} {model,-24} {mode,-12} nDCG@10 {gain:F3}   recall@100 {recall:F3}");
        return gain;
    }
}

/// <summary>A local model without cache and telemetry.</summary>
internal sealed class BenchModel(OnnxEmbeddingGenerator generator) : IEmbeddingModel
{
    public EmbeddingModelInfo Info => generator.Info;

    public ITokenizer Tokenizer => generator.Tokenizer;

    public IEmbeddingGenerator<string, Embedding<float>> Generator => generator;
}
