using Quiver.Bench.Ingest;
using Quiver.Bench.Inputs;
using Quiver.Bench.Measuring;

namespace Quiver.Bench.Watch;

/// <summary>How long after something happened to a job a watcher has the event, in a single silo that is busy with the job.</summary>
internal static class WatchBenchmark
{
    private const int Seed = 6;

    /// <summary>Until then a watch may still be reading what the ledger has.</summary>
    private static readonly TimeSpan Start = TimeSpan.FromSeconds(1);

    public static async Task<int> RunAsync(string[] args)
    {
        var options = new BenchOptions(args);
        var documents = options.Number("--documents", 40_000);
        using var folder = new TemporaryFolder();
        var path = folder.File("articles.jsonl");
        new JsonRecords(Seed).WriteArticles(path, (count, _) => count >= documents);
        await using var silo = await BenchSilo.StartAsync(Directory.CreateDirectory(folder.File("data")).FullName, trivialVectors: true);

        Console.WriteLine($"watch: events of a job of {documents:N0} documents, vectors that cost nothing");
        Verdict.Load();
        var job = await silo.Client.SubmitAsync(new JobSpec
        {
            Tenant = silo.Client.Tenant,
            Collection = CollectionName.Parse("bench"),
            Source = new SourceSpec { Paths = [path], Format = DocumentFormat.JsonLines, IdField = "id" },
        });
        var begun = DateTimeOffset.UtcNow + Start;
        List<double> late = [];
        await foreach (var item in silo.Client.WatchJobAsync(job.Id))
        {
            if (item.At > begun)
            {
                late.Add((DateTimeOffset.UtcNow - item.At).TotalMilliseconds);
            }
        }

        Verdict.Load();
        late.Sort();
        Console.WriteLine($"  {late.Count} events, median {Median.Of(late):F0} ms, longest {late[^1]:F0} ms");
        Verdict.AtMost("95 of 100 events within", late[(int)(0.95 * (late.Count - 1))], 50, " ms");
        return 0;
    }
}
