using Quiver.Bench.Inputs;
using Quiver.Bench.Measuring;

namespace Quiver.Bench.Commands;

/// <summary>What people wait for and pay for: commands of a published build, from process start to end, and an idle server; a second build beside it in turns.</summary>
internal static class CommandsBenchmark
{
    private const int Seed = 4;

    public static async Task<int> RunAsync(string[] args)
    {
        var options = new BenchOptions(args);
        var runs = options.Number("--runs", 7);
        using var folder = new TemporaryFolder();
        var published = options.Text("--published", "") is { Length: > 0 } directory ? new PublishedQuiver(Path.GetFullPath(directory)) : await PublishedQuiver.PublishAsync(folder.Folder("published"));
        PublishedQuiver[] builds = options.Text("--beside", "") is { Length: > 0 } beside ? [published, new(Path.GetFullPath(beside))] : [published];
        var document = folder.File("one-file.md");
        await File.WriteAllTextAsync(document, $"# One file\n\n{new Prose(Seed).Text(1_500)}\n");

        Console.WriteLine($"commands: a Markdown file of 1.5 KB into a new data directory; 1,000 jobs; {runs} runs{(builds.Length > 1 ? ", in turns with a second build" : "")}");
        Verdict.Load();
        var jobs = builds.Select((_, build) => folder.File($"jobs-{build}")).ToArray();
        for (var build = 0; build < builds.Length; build++)
        {
            await builds[build].MakeJobsAsync(jobs[build], document);
        }

        var readings = builds.Select(static _ => new List<Reading>()).ToArray();
        for (var run = -1; run < runs; run++)
        {
            for (var build = 0; build < builds.Length; build++)
            {
                var reading = new Reading(
                    await builds[build].TimeAsync("--version"),
                    await builds[build].TimeAsync("jobs", "list", "--data", jobs[build]),
                    await builds[build].TimeAsync("ingest", document, "--collection", "c", "--data", folder.File($"data-{build}-{run}")));
                if (run >= 0)
                {
                    readings[build].Add(reading);
                }
            }
        }

        var servers = builds.Select(static _ => new List<(double Ready, double Megabytes, double Processor)>()).ToArray();
        for (var run = 0; run < 3; run++)
        {
            for (var build = 0; build < builds.Length; build++)
            {
                servers[build].Add(await builds[build].ServeIdleAsync(folder.File($"serve-{build}-{run}")));
            }
        }

        Verdict.Load();
        Row("--version", "s", "F3", readings, static reading => reading.Version);
        Row("jobs list, 1,000 jobs", "s", "F3", readings, static reading => reading.List);
        Row("one-file ingest", "s", "F3", readings, static reading => reading.Ingest);
        Row("serve until ready", "s", "F3", servers, static server => server.Ready);
        Row("idle server, resident", "MB", "F0", servers, static server => server.Megabytes);
        Row("idle server, of one processor", "%", "F2", servers, static server => 100 * server.Processor);
        Row("published folder", "MB", "F0", builds.Select(static build => new List<PublishedQuiver> { build }).ToArray(), static build => build.Megabytes);
        return 0;
    }

    private static void Row<T>(string what, string unit, string format, List<T>[] builds, Func<T, double> figure)
    {
        var medians = builds.Select(readings => Median.Of(readings.Select(figure))).ToArray();
        var besides = medians.Length > 1 ? $"   beside {medians[1].ToString(format, null),8} {unit,-2}   ratio {medians[0] / medians[1]:F2}" : "";
        Console.WriteLine($"  {what,-30} {medians[0].ToString(format, null),8} {unit,-2}{besides}");
    }

    private sealed record Reading(double Version, double List, double Ingest);
}
