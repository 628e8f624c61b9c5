using System.Diagnostics;
using Microsoft.Extensions.Options;
using Quiver.Adapters.Vectors.Embedded;
using Quiver.Core.Vectors;

namespace Quiver.Bench.Search;

/// <summary>Compares an exact search over 100,000 × 512 with one pass over the same bytes and as many threads, alternating query and pass.</summary>
internal static class SearchBenchmark
{
    private const int Seed = 1;
    private const int Points = 100_000;
    private const int Dimensions = 512;
    private const int Batch = 64;
    private const int Writers = 4;
    private const int Rounds = 200;
    private const string Physical = "quiver_bench_512d";

    private static readonly CollectionKey Scope = new(TenantId.Parse("bench"), CollectionName.Parse("search"));

    /// <summary>Runs it.</summary>
    /// <param name="args">Optionally the number of points, and <c>--modes</c> for the modes of a search alone.</param>
    /// <returns>0.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        var points = args.Length > 0 && int.TryParse(args[0], out var given) ? given : Points;
        if (!args.Contains("--modes"))
        {
            await RunExactAsync(points);
        }

        await ModesBenchmark.RunAsync(points);
        return 0;
    }

    private static async Task RunExactAsync(int points)
    {
        var folder = Directory.CreateTempSubdirectory("quiver-bench-");
        try
        {
            var options = new FlatIndexOptions { Directory = folder.FullName };
            Console.WriteLine($"search: {points} points, {Dimensions} dimensions, seed {Seed}, {options.SearchThreads} threads");
            await WriteAsync(options, points);
            await SearchAsync(options, points);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task WriteAsync(FlatIndexOptions options, int points)
    {
        await using var store = new FlatIndexStore(Options.Create(options));
        await store.EnsureCollectionAsync(Physical, Dimensions);
        var writing = TimeSpan.Zero;
        var random = new Random(Seed);
        for (var first = 0; first < points;)
        {
            // Vectors are created outside of the measured time.
            var batches = new List<VectorPoint[]>();
            for (var i = 0; i < Writers * 8 && first < points; i++, first += Batch)
            {
                batches.Add([.. Enumerable.Range(first, Math.Min(Batch, points - first)).Select(number => CreatePoint(number, random))]);
            }

            var started = Stopwatch.GetTimestamp();
            await Task.WhenAll(batches.Select(batch => store.UpsertAsync(new(Physical, Scope), batch)));
            writing += Stopwatch.GetElapsedTime(started);
        }

        Console.WriteLine($"upsert: {points / writing.TotalSeconds:f0} points/s ({Writers * 8} batches of {Batch} in flight)");
    }

    private static async Task SearchAsync(FlatIndexOptions options, int points)
    {
        var opening = Stopwatch.GetTimestamp();
        await using var store = new FlatIndexStore(Options.Create(options));
        var count = await store.CountAsync(new(Physical, Scope));
        Console.WriteLine($"open: {Stopwatch.GetElapsedTime(opening).TotalMilliseconds:f0} ms to the first answer ({count} points)");

        var layout = FlatLayout.Create(Dimensions, options.SegmentBytes);
        using var handle = File.OpenHandle(SlotFile.PathIn(Path.Combine(options.Directory, Physical)));
        using var memory = new SlotSegment(handle, 0, (long)points * layout.RowBytes);
        using var pool = new SearchPool(options.SearchThreads);

        var random = new Random(Seed + 1);
        var queries = new List<double>();
        var passes = new List<double>();
        var (queryWork, passWork) = (TimeSpan.Zero, TimeSpan.Zero);
        for (var round = -10; round < Rounds; round++)
        {
            var vector = CreateVector(random);
            var start = Environment.CpuUsage.TotalTime;
            var query = await TimeAsync(() => store.QueryAsync(new(Physical, Scope), new(vector, 10)));
            var middle = Environment.CpuUsage.TotalTime;
            var pass = await TimeAsync(() =>
            {
                pool.Run(new MemoryPass(memory, layout, points));
                return Task.CompletedTask;
            });
            if (round >= 0)
            {
                queries.Add(query);
                passes.Add(pass);
                queryWork += middle - start;
                passWork += Environment.CpuUsage.TotalTime - middle;
            }
        }

        queries.Sort();
        passes.Sort();
        Console.WriteLine($"query: p50 {At(queries, 0.5):f2} ms, p95 {At(queries, 0.95):f2} ms");
        Console.WriteLine($"pass:  p50 {At(passes, 0.5):f2} ms, p95 {At(passes, 0.95):f2} ms ({points * (double)layout.RowBytes / At(passes, 0.5) / 1e6:f1} GB/s)");
        Console.WriteLine($"search p50 / pass p50: {At(queries, 0.5) / At(passes, 0.5):f3} (goal 1.3)");
        // On a shared machine, wall-clock times depend on other processes; processor time does not.
        Console.WriteLine($"search / pass, processor time: {queryWork / passWork:f3} ({queryWork.TotalMilliseconds / Rounds:f2} ms / {passWork.TotalMilliseconds / Rounds:f2} ms)");
        Console.WriteLine($"search min / pass min: {queries[0] / passes[0]:f3} ({queries[0]:f2} ms / {passes[0]:f2} ms)");
        Console.WriteLine($"search p95 / pass p50: {At(queries, 0.95) / At(passes, 0.5):f3}");
    }

    private static async Task<double> TimeAsync(Func<Task> work)
    {
        var started = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    private static double At(List<double> sorted, double quantile) => sorted[(int)(quantile * (sorted.Count - 1))];

    private static float[] CreateVector(Random random)
    {
        var vector = new float[Dimensions];
        for (var i = 0; i < vector.Length; i++)
        {
            vector[i] = random.NextSingle() - 0.5f;
        }

        return vector;
    }

    private static VectorPoint CreatePoint(int number, Random random) =>
        new(
            PointId.Create(Scope, $"document {number / 8}", number % 8),
            CreateVector(random),
            new()
            {
                Scope = Scope,
                DocumentId = $"document {number / 8}",
                Chunk = number % 8,
                Text = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"Chunk {number}. {new string('x', 400)}"),
                StartChar = 0,
                EndChar = 400,
                StartLine = 1,
                EndLine = 10,
                Generation = 1,
                Epoch = 1,
                IndexedAt = DateTimeOffset.UnixEpoch,
                Metadata = ImmutableDictionary<string, string>.Empty.Add("language", "en"),
            });
}
