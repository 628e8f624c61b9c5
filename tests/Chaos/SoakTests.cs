using System.Globalization;
using Quiver.Client;
using Quiver.Tests.Support;
using Quiver.Tests.Support.Providers;
using Quiver.Tests.Support.Qdrant;

namespace Quiver.Tests.Chaos;

/// <summary>
/// Two tenants mirror sources that change, for a long time, over a provider and a store that fail at random: no document is lost, doubled
/// or in the other tenant's collection, and the process does not grow. Runs only on request: <c>bench -- soak</c>.
/// </summary>
[Collection(ChaosCollection.Name)]
public sealed class SoakTests(ITestOutputHelper output) : IDisposable
{
    private const string MinutesVariable = "QUIVER_TEST_SOAK_MINUTES";
    private const int DefaultMinutes = 30;
    private const int Documents = 300;
    private const double MaxGrowth = 1.05;
    private static readonly CollectionName Collection = CollectionName.Parse("soak");
    private static readonly string[] Tenants = ["ada", "bo"];

    private readonly TemporaryFolder _home = new();
    private readonly Random _random = Seed.For(nameof(SoakTests));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _home.Dispose();

    [Fact(Explicit = true)]
    public async Task Server_UnderRandomFaultsForLong_LosesNothingAndDoesNotGrow()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Reads the process's numbers from /proc.");
        var minutes = int.TryParse(Environment.GetEnvironmentVariable(MinutesVariable), NumberStyles.Integer, CultureInfo.InvariantCulture, out var asked) ? asked : DefaultMinutes;
        var end = DateTimeOffset.UtcNow.AddMinutes(minutes);
        await using var model = await ScriptedProvider.StartAsync();
        await using var qdrant = await QdrantStandIn.StartAsync();
        await using var server = await ServeProcess.StartAsync(_home.Path, _home.At("data"), ProcessDeployment.Environment(model, qdrant));
        List<ProcessSample> samples = [];
        for (var round = 0; DateTimeOffset.UtcNow < end; round++)
        {
            Disturb(model, qdrant);
            await Task.WhenAll(Tenants.Select(tenant => RunAsync(server.ClientOf(tenant), Write(tenant, round), calm: false)));
            samples.Add(ProcessSample.Take(server.Process.Id, _home.At("data")));
            output.WriteLine($"{round}: {samples[^1]}");
        }

        model.Answers(ProviderReply.Ok);
        qdrant.Faults = static _ => StandInFault.None;
        foreach (var tenant in Tenants)
        {
            var path = Write(tenant, -1);
            await RunAsync(server.ClientOf(tenant), path, calm: true);
            var texts = (await ExportedPoints.ReadAsync(server.ClientOf(tenant), Collection)).Texts();
            Assert.Equal(TextsOf(tenant, -1).Order(), texts.Order());
        }

        AssertFlat(samples);
    }

    /// <summary>The first third warms the process up; the last third must not be above the one before.</summary>
    private static void AssertFlat(List<ProcessSample> samples)
    {
        Assert.True(samples.Count >= 9, $"Only {samples.Count} rounds were run: a soak needs more minutes. {Seed.Text}");
        var third = samples.Count / 3;
        var (before, after) = (samples[third..(2 * third)], samples[^third..]);
        Assert.All(ProcessSample.Measures, measure =>
        {
            var (middle, last) = (Median(before.Select(measure.Of)), Median(after.Select(measure.Of)));
            Assert.True(last <= Math.Max(middle * MaxGrowth, middle + measure.Slack), $"{measure.Name} grew from {middle} to {last}. {Seed.Text}");
        });
    }

    private static double Median(IEnumerable<long> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }

    private void Disturb(ScriptedProvider model, QdrantStandIn qdrant)
    {
        var random = new Random(_random.Next());
        model.Answers(request => Draw(random, 40) switch
        {
            0 => ProviderReply.Error(500, "the server failed"),
            1 => ProviderReply.Error(503, "the server is busy"),
            2 => ProviderReply.Throttled(TimeSpan.FromMilliseconds(200)),
            3 => ProviderReply.Ok(request) with { CutAfter = 20 },
            _ => ProviderReply.Ok(request),
        });
        qdrant.Faults = _ => Draw(random, 100) switch
        {
            0 => StandInFault.Throttle,
            1 => StandInFault.Internal,
            2 => StandInFault.InternalAfter,
            3 => StandInFault.CutBefore,
            4 => StandInFault.CutInAnswer,
            _ => StandInFault.None,
        };
    }

    private static int Draw(Random random, int below)
    {
        lock (random)
        {
            return random.Next(below);
        }
    }

    /// <summary>Runs a mirror job to its end, with what users do meanwhile.</summary>
    private async Task RunAsync(IQuiverClient client, string path, bool calm)
    {
        var job = (await client.SubmitAsync(
            new() { Tenant = client.Tenant, Collection = Collection, Source = new() { Paths = [path], IdField = "id" }, Sync = SyncMode.Mirror }, Token)).Id;
        if (!calm)
        {
            await MeddleAsync(client, job);
        }

        var report = await Killer.EndedAsync(client, job);
        Assert.True(report.Status.State == JobState.Completed, $"A job ended {report.Status.State}: {report.Status.ErrorCode}: {report.Status.ErrorMessage} {Seed.Text}");
    }

    private async Task MeddleAsync(IQuiverClient client, JobId job)
    {
        switch (Draw(_random, 3))
        {
            case 0:
                await PauseAsync(client, job);
                break;
            case 1:
                // A watcher that leaves after an event.
                await using (var watch = client.WatchJobAsync(job, 0, Token).GetAsyncEnumerator(Token))
                {
                    await watch.MoveNextAsync();
                }

                break;
            default:
                await client.ListJobsAsync(new(), Token);
                break;
        }
    }

    private static async Task PauseAsync(IQuiverClient client, JobId job)
    {
        try
        {
            await client.PauseJobAsync(job, Token);
        }
        catch (ConflictException)
        {
            // The job has ended already.
            return;
        }

        await client.ResumeJobAsync(job, Token);
    }

    private string Write(string tenant, int round)
    {
        var path = _home.At($"{tenant}.jsonl");
        File.WriteAllLines(path, TextsOf(tenant, round).Select((text, number) => $$"""{"id":"doc-{{number:00000}}","text":"{{text}}"}"""));
        return path;
    }

    /// <summary>A tenth of the documents says something else in each round.</summary>
    private static IEnumerable<string> TextsOf(string tenant, int round) => Enumerable.Range(0, Documents).Select(number =>
        $"Note {number} of {tenant} says that word {(number % 10 == round % 10 ? round : 0)} crosses the quiet bridge.");
}

/// <summary>What a process takes at a moment.</summary>
internal sealed record ProcessSample(long ResidentKilobytes, long Threads, long Handles, long Files)
{
    /// <summary>The numbers, each with what may come and go: a thread of the pool, a connection, a log segment.</summary>
    public static readonly (string Name, Func<ProcessSample, long> Of, long Slack)[] Measures =
    [
        ("Resident memory (KB)", static sample => sample.ResidentKilobytes, 0),
        ("Threads", static sample => sample.Threads, 3),
        ("Handles", static sample => sample.Handles, 5),
        ("Files", static sample => sample.Files, 2),
    ];

    public static ProcessSample Take(int process, string data)
    {
        var status = File.ReadAllLines($"/proc/{process}/status");
        return new(
            Number("VmRSS:"),
            Number("Threads:"),
            Directory.EnumerateFileSystemEntries($"/proc/{process}/fd").Count(),
            Directory.EnumerateFiles(data, "*", SearchOption.AllDirectories).Count());

        long Number(string name)
        {
            var line = Array.Find(status, line => line.StartsWith(name, StringComparison.Ordinal))!;
            return long.Parse(line[name.Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture);
        }
    }
}
