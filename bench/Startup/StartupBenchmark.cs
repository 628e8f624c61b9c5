using Quiver.Bench.Inputs;
using Quiver.Bench.Measuring;

namespace Quiver.Bench.Startup;

/// <summary>The first document's way from process start to a durable, searchable point and the process's end, with a published build.</summary>
internal static class StartupBenchmark
{
    private const int Seed = 4;

    public static async Task<int> RunAsync(string[] args)
    {
        var options = new BenchOptions(args);
        var runs = options.Number("--runs", 10);
        using var folder = new TemporaryFolder();
        var quiver = options.Text("--published", "") is { Length: > 0 } directory
            ? new PublishedQuiver(directory)
            : await PublishedQuiver.PublishAsync(folder.Folder("published"));
        var document = folder.File("one-file.md");
        await File.WriteAllTextAsync(document, $"# One file\n\n{new Prose(Seed).Text(1_500)}\n");

        Console.WriteLine($"startup: ReadyToRun build, a Markdown file of 1.5 KB into a new data directory, {runs} runs");
        Verdict.Load();
        List<(double Ingest, double Version)> measured = [];
        for (var run = -1; run < runs; run++)
        {
            var version = await quiver.TimeAsync("--version");
            var ingest = await quiver.TimeAsync("ingest", document, "--collection", "c", "--data", folder.File($"data-{run}"));
            if (run >= 0)
            {
                measured.Add((ingest, version));
            }
        }

        Verdict.Load();
        Console.WriteLine($"  --version: median {Median.Of(measured.Select(run => run.Version)):F3} s, best {measured.Min(run => run.Version):F3} s");
        Console.WriteLine($"  ingest: best {measured.Min(run => run.Ingest):F3} s, worst {measured.Max(run => run.Ingest):F3} s");
        Console.WriteLine($"  ingest ÷ --version, median of runs: {Median.Of(measured.Select(run => run.Ingest / run.Version)):F2}");
        Verdict.AtMost("one-file ingest, median", Median.Of(measured.Select(run => run.Ingest)), 0.5, " s");
        return 0;
    }
}
