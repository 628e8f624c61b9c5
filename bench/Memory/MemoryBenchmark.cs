using Quiver.Bench.Inputs;
using Quiver.Bench.Measuring;

namespace Quiver.Bench.Memory;

/// <summary>Peak resident set of a process that ingests a large file ÷ of one that ingests a twentieth of it; everything but the model's weights.</summary>
internal static class MemoryBenchmark
{
    private const int Seed = 3;
    private const int Factor = 20;

    public static async Task<int> RunAsync(string[] args)
    {
        var options = new BenchOptions(args);
        var fromS3 = options.Text("--source", "files") == "s3";
        var least = (options.Has("--small") ? 10 : fromS3 ? 50 : 100) * 1_000_000L;
        var format = options.Text("--format", "jsonl") is "json" ? DocumentFormat.Json : DocumentFormat.JsonLines;
        if (!File.Exists("/proc/self/status"))
        {
            Console.WriteLine("memory: needs /proc, which this system does not have");
            return 1;
        }

        using var objects = new TemporaryFolder();
        await using var bucket = fromS3 ? await S3Input.StartAsync(objects.File("s3")) : null;
        Console.WriteLine($"memory: {format}{(fromS3 ? " from S3" : "")}, records of about 16 KB with 2 KB of text, vectors of 8 dimensions, seed {Seed}");
        Verdict.Load();
        var small = await MeasureAsync(format, least, bucket);
        var large = await MeasureAsync(format, least * Factor, bucket);
        Verdict.Load();
        Verdict.AtMost($"peak at {least * Factor / 1e6:F0} MB ÷ at {least / 1e6:F0} MB", (double)large.Peak / small.Peak, 1.1);
        Console.WriteLine($"  growth per point: {(large.Peak - small.Peak) / (double)(large.Points - small.Points):F0} bytes");
        return 0;
    }

    private static async Task<MemoryReading> MeasureAsync(DocumentFormat format, long bytes, S3Input? bucket)
    {
        using var folder = new TemporaryFolder();
        var input = folder.File(format == DocumentFormat.Json ? "records.json" : "records.jsonl");
        new JsonRecords(Seed).WriteWide(input, format == DocumentFormat.Json, (_, written) => written >= bytes);
        if (bucket is not null)
        {
            input = await bucket.StoreAsync(input);
        }

        var reading = await MemoryReading.TakeAsync(input, format, folder.Folder("data"));
        Console.WriteLine(
            $"  {bytes / 1e6:F0} MB: peak {reading.Peak / 1e6:F0} MB (at the end {reading.OwnAtEnd / 1e6:F0} MB of its own, {reading.FileAtEnd / 1e6:F0} MB of mapped files), "
            + $"{reading.Documents} documents, {reading.Points} points, {reading.Seconds:F0} s");
        return reading;
    }
}
