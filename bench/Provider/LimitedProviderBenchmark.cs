using System.Text.Json;
using Quiver.Bench.Ingest;
using Quiver.Bench.Measuring;

namespace Quiver.Bench.Provider;

/// <summary>
/// A job with a provider that accepts so many requests per minute and throttles the others, one short document per request: how much of the
/// limit is used, and how many requests are throttled, with the limit in the settings and without.
/// </summary>
internal static class LimitedProviderBenchmark
{
    private const double UseGoal = 0.9;
    private const double ThrottledGoal = 0.1;
    private static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(50);

    public static async Task<int> RunAsync(BenchOptions options)
    {
        var perMinute = options.Number("--per-minute", 60);
        var documents = perMinute * options.Number("--minutes", 3);
        using var folder = new TemporaryFolder();
        Verdict.Load();
        foreach (var isConfigured in new[] { true, false })
        {
            await using var provider = await SlowProviderProcess.StartAsync(Latency, perMinute);
            var directory = folder.Folder(isConfigured ? "configured" : "unknown");
            var effort = await IngestAsync(directory, provider, documents, isConfigured ? perMinute : null);
            var reading = await provider.ReadAsync();
            var allowed = SlowProvider.Burst + (perMinute * effort.Seconds / TimeSpan.FromMinutes(1).TotalSeconds);
            var limit = isConfigured ? "with the limit in the settings" : "without the limit in the settings";
            Verdict.AtLeast($"{documents} requests in {effort.Seconds:F0} s, {limit}: accepted ÷ allowed", reading.Calls / allowed, UseGoal);
            Verdict.AtMost($"{reading.Throttled} requests throttled, {limit}: throttled ÷ accepted", (double)reading.Throttled / reading.Calls, ThrottledGoal);
        }

        Verdict.Load();
        return 0;
    }

    private static async Task<Effort> IngestAsync(string directory, SlowProviderProcess provider, int documents, int? perMinute)
    {
        var input = Path.Combine(directory, "documents.jsonl");
        await File.WriteAllLinesAsync(input, Enumerable.Range(0, documents).Select(i => $$"""{"id":"{{i}}","text":"a short document with the number {{i}}"}"""));
        await File.WriteAllTextAsync(Path.Combine(directory, "quiver.json"), JsonSerializer.Serialize(new
        {
            Quiver = new
            {
                Jobs = new { BatchDocuments = 1 },
                Embedding = new { DefaultProvider = "slow" },
                Providers = new
                {
                    slow = new { Preset = "vllm", BaseAddress = provider.Address, Model = "slow", SlowProvider.Dimensions, RequestsPerMinute = perMinute },
                },
            },
        }));
        await using var silo = await BenchSilo.StartAsync(directory, trivialVectors: true);
        return await Effort.OfAsync(() => silo.IngestAsync(input, DocumentFormat.JsonLines));
    }
}
