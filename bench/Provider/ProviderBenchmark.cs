using System.Text.Json;
using Quiver.Bench.Ingest;
using Quiver.Bench.Measuring;

namespace Quiver.Bench.Provider;

/// <summary>
/// Jobs with a provider of fixed latency, one short document per batch and one batch per request: requests per second ÷ (batches in flight ÷
/// latency of the provider under the bare loop), for several numbers of batches in flight. In turns with it, a bare loop of the same
/// concurrency that only posts the same bodies.
/// </summary>
internal static class ProviderBenchmark
{
    private const double Goal = 0.95;
    private const int WarmUp = 200;
    private static readonly int[] InFlight = [1, 4, 16, 64];

    public static async Task<int> RunAsync(string[] args)
    {
        var options = new BenchOptions(args);
        if (options.Has("--per-minute"))
        {
            return await LimitedProviderBenchmark.RunAsync(options);
        }

        var latency = TimeSpan.FromMilliseconds(options.Number("--latency", 50));
        var seconds = options.Number("--seconds", 6);
        var rounds = options.Number("--rounds", 5);
        using var folder = new TemporaryFolder();
        await using var provider = await SlowProviderProcess.StartAsync(latency);
        Console.WriteLine($"provider: latency {latency.TotalMilliseconds:F0} ms, {rounds} rounds of about {seconds} s each");
        Verdict.Load();
        foreach (var inFlight in options.Has("--in-flight") ? [options.Number("--in-flight", 1)] : InFlight)
        {
            var documents = (int)(inFlight / latency.TotalSeconds * seconds);
            List<double> toIdeal = [];
            List<double> toBare = [];
            for (var round = 0; round < rounds; round++)
            {
                var (ideal, bare) = await PostAsync(provider, documents, inFlight);
                var whole = await IngestAsync(folder.Folder($"in-flight-{inFlight}-{round}"), provider, documents, inFlight);
                toIdeal.Add(documents / whole.Seconds / ideal);
                toBare.Add(bare.Seconds / whole.Seconds);
                Console.WriteLine(
                    $"  {inFlight} in flight, {documents} documents: {documents / whole.Seconds:F0} requests/s of {ideal:F0} at {inFlight / ideal * 1e3:F1} ms, "
                    + $"{whole.ProcessorSeconds / whole.Seconds:F2} processors, {whole.ProcessorSeconds / documents * 1e3:F2} ms of processor each; "
                    + $"bare loop {documents / bare.Seconds:F0} requests/s, {bare.ProcessorSeconds / documents * 1e3:F2} ms each");
            }

            Verdict.AtLeast($"{inFlight} in flight: throughput ÷ (concurrency ÷ latency), rounds {toIdeal.Min():F2} to {toIdeal.Max():F2}", Median.Of(toIdeal), Goal);
            Verdict.AtLeast($"{inFlight} in flight: throughput ÷ bare loop, rounds {toBare.Min():F2} to {toBare.Max():F2}", Median.Of(toBare), Goal);
        }

        Verdict.Load();
        return 0;
    }

    /// <summary>The bare loop, and the requests per second that the measured latency allows; the configured latency is shorter.</summary>
    private static async Task<(double Ideal, Effort Effort)> PostAsync(SlowProviderProcess provider, int documents, int inFlight)
    {
        var before = await provider.ReadAsync();
        var effort = await Effort.OfAsync(() => PostAllAsync(provider, documents, inFlight));
        var after = await provider.ReadAsync();
        return (inFlight / ((after.Busy - before.Busy) / (after.Calls - before.Calls)).TotalSeconds, effort);
    }

    private static async Task<Effort> IngestAsync(string directory, SlowProviderProcess provider, int documents, int inFlight)
    {
        var input = Path.Combine(directory, "documents.jsonl");
        await File.WriteAllLinesAsync(input, Enumerable.Range(0, documents).Select(i => $$"""{"id":"{{i}}","text":"a short document with the number {{i}}"}"""));
        await File.WriteAllTextAsync(Path.Combine(directory, "quiver.json"), JsonSerializer.Serialize(new
        {
            Quiver = new
            {
                Jobs = new { MaxInFlight = inFlight, BatchDocuments = 1 },
                Embedding = new { DefaultProvider = "slow" },
                Providers = new { slow = new { Preset = "vllm", BaseAddress = provider.Address, Model = "slow", SlowProvider.Dimensions } },
            },
        }));
        await using var silo = await BenchSilo.StartAsync(directory, trivialVectors: true);

        // JIT compilation at first use is not part of the job.
        var first = Path.Combine(directory, "first.jsonl");
        await File.WriteAllLinesAsync(first, Enumerable.Range(0, WarmUp).Select(i => $$"""{"id":"first-{{i}}","text":"a first document with the number {{i}}"}"""));
        await silo.IngestAsync(first, DocumentFormat.JsonLines);
        var before = (await provider.ReadAsync()).Calls;
        var effort = await Effort.OfAsync(() => silo.IngestAsync(input, DocumentFormat.JsonLines));
        var calls = (await provider.ReadAsync()).Calls - before;
        return calls == documents ? effort : throw new InvalidOperationException($"{calls} requests for {documents} documents.");
    }

    private static async Task PostAllAsync(SlowProviderProcess provider, int requests, int concurrency)
    {
        using var http = new HttpClient();
        var address = new Uri($"{provider.Address}/embeddings");
        await Parallel.ForEachAsync(
            Enumerable.Range(0, requests),
            new ParallelOptions { MaxDegreeOfParallelism = concurrency },
            async (i, stop) =>
            {
                using var content = new StringContent($$"""{"model":"slow","encoding_format":"base64","input":["a short document with the number {{i}}"]}""");
                using var response = await http.PostAsync(address, content, stop);
                await response.Content.ReadAsByteArrayAsync(stop);
            });
    }
}
