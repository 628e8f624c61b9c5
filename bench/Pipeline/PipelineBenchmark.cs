using System.Text.Json;
using Quiver.Bench.Ingest;
using Quiver.Bench.Inputs;
using Quiver.Bench.Measuring;

namespace Quiver.Bench.Pipeline;

/// <summary>
/// Everything but embedding (reading, chunking by the real tokenizer, cache, index, ledger, checkpoints) ÷ merely parsing the same JSON
/// Lines with System.Text.Json, in bytes per second; for texts and for wide records, loaded first and then found unchanged.
/// </summary>
internal static class PipelineBenchmark
{
    private const int Seed = 2;
    private const double Goal = 0.5;

    public static async Task<int> RunAsync(string[] args)
    {
        var options = new BenchOptions(args);
        var (bytes, rounds) = (options.Number("--megabytes", 16) * 1_000_000L, options.Number("--rounds", 5));
        using var folder = new TemporaryFolder();
        var (articles, wide) = (folder.File("articles.jsonl"), folder.File("wide.jsonl"));
        var records = new JsonRecords(Seed);
        records.WriteArticles(articles, (_, written) => written >= bytes);
        records.WriteWide(wide, asArray: false, (_, written) => written >= bytes);
        Console.WriteLine($"pipeline: {bytes / 1e6:F0} MB of JSON Lines each, seed {Seed}");
        Verdict.Load();
        await MeasureAsync(folder, "articles, nearly all of it text", articles, rounds);
        await MeasureAsync(folder, "records of 16 KB, 2 KB of it text", wide, rounds);
        Verdict.Load();
        return 0;
    }

    private static async Task MeasureAsync(TemporaryFolder folder, string what, string input, int rounds)
    {
        var size = new FileInfo(input).Length;
        List<(Effort Parsed, Effort Loaded, Effort Unchanged)> measured = [];
        JobStatus? status = null;
        for (var round = -1; round < rounds; round++)
        {
            var parsed = await Effort.OfAsync(() => ParseAsync(input));
            await using var silo = await BenchSilo.StartAsync(folder.Folder($"{Path.GetFileName(input)}-{round}"), trivialVectors: true);
            var loaded = await Effort.OfAsync(async () => status = await silo.IngestAsync(input, DocumentFormat.JsonLines));
            var unchanged = await Effort.OfAsync(() => silo.IngestAsync(input, DocumentFormat.JsonLines));
            if (round >= 0)
            {
                measured.Add((parsed, loaded, unchanged));
            }
        }

        var (parse, load, skip) = (Speed(entry => entry.Parsed), Speed(entry => entry.Loaded), Speed(entry => entry.Unchanged));
        Console.WriteLine(
            $"  {what}: {status!.Counters.Documents} documents, {status.Counters.Chunks} chunks; parsing {parse:F0} MB/s, loading {load:F1} MB/s "
            + $"({Median.Of(measured.Select(entry => entry.Loaded.ProcessorSeconds / entry.Loaded.Seconds)):F2} processors), unchanged {skip:F0} MB/s");
        Verdict.AtLeast("loading ÷ parsing, median of rounds", Ratio(entry => entry.Loaded.Seconds), Goal);
        Verdict.AtLeast("finding it unchanged ÷ parsing, median of rounds", Ratio(entry => entry.Unchanged.Seconds), Goal);

        double Speed(Func<(Effort Parsed, Effort Loaded, Effort Unchanged), Effort> which) => size / 1e6 / Median.Of(measured.Select(entry => which(entry).Seconds));
        double Ratio(Func<(Effort Parsed, Effort Loaded, Effort Unchanged), double> seconds) => Median.Of(measured.Select(entry => entry.Parsed.Seconds / seconds(entry)));
    }

    /// <summary>Reads each line and parses it into a document, the least that any reader of the format does.</summary>
    private static async Task ParseAsync(string input)
    {
        var fields = 0;
        using var reader = new StreamReader(input, new FileStreamOptions { Options = FileOptions.SequentialScan, BufferSize = 1 << 16 });
        while (await reader.ReadLineAsync() is { } line)
        {
            using var record = JsonDocument.Parse(line);
            fields += record.RootElement.GetPropertyCount();
        }

        ArgumentOutOfRangeException.ThrowIfZero(fields);
    }
}
