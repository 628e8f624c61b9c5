using Quiver.Tests.Support;

namespace Quiver.Tests.Chaos;

/// <summary>The real process, killed again and again, ends with what an undisturbed one ends with.</summary>
[Collection(ChaosCollection.Name)]
public sealed class KillTests(UndisturbedRuns runs) : IDisposable
{
    private const int Kills = 20;
    private const int Documents = 3000;

    private readonly TemporaryFolder _home = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Data => _home.At("data");

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Serve_KilledTwentyTimes_EndsWithThePointsOfAnUndisturbedRun()
    {
        var undisturbed = await runs.OverAsync(Documents);
        var random = Seed.For(nameof(KillTests));
        var killer = new Killer(random);
        var job = await SubmitAndKillAsync(undisturbed, killer);
        List<CrashedJob> crashes = [await CrashedJob.ReadAsync(Data, job)];
        while (crashes.Count < Kills)
        {
            // Kills are spread over the job: who is ahead of that is killed on the way to its work, who is behind is waited for.
            var index = (long)(undisturbed.Documents * (crashes.Count + random.NextDouble()) / (Kills + 1));
            await KillAsync(killer, job, crashes[^1].Status.LastCommittedIndex < index ? index : null);
            crashes.Add(await CrashedJob.ReadAsync(Data, job));
            Assert.False(crashes[^1].Status.State.IsFinal(), $"The job was {crashes[^1].Status.State} after {crashes.Count} kills. {Seed.Text}");
        }

        JobReport report;
        await using (var server = await ServeProcess.StartAsync(_home.Path, Data, UndisturbedRuns.Settings))
        {
            report = await Killer.EndedAsync(server.Client, job);
            await server.Process.TerminateAsync();
            Assert.Equal(0, await server.Process.ExitAsync());
        }

        ExportedPoints.AssertSame(undisturbed.Points, await UndisturbedRuns.ExportAsync(_home.Path, Data), Seed.Text);
        AssertAccounts(undisturbed, report, crashes);
    }

    [Fact]
    public async Task Ingest_KilledAndResumedByCommand_EndsWithThePointsOfAnUndisturbedRun()
    {
        var undisturbed = await runs.OverAsync(1000);
        var killer = new Killer(Seed.For(nameof(UndisturbedRuns.Ingest)));
        JobId job = default;
        for (var kill = 0; kill < 4; kill++)
        {
            string[] arguments = kill == 0 ? UndisturbedRuns.Ingest(undisturbed.Path, Data) : ["jobs", "resume", job.Value, "--data", Data];
            await using var process = QuiverProcess.Start(_home.Path, arguments, UndisturbedRuns.Settings);
            var line = await process.LineAsync(process.Error, static line => line.StartsWith("job ", StringComparison.Ordinal), "job id");
            job = JobId.Parse(line.Split(' ')[1]);
            await killer.KillWithinAsync(process, TimeSpan.FromSeconds(0.8));
        }

        var report = UndisturbedRuns.ReportOf(await QuiverProcess.RunAsync(_home.Path, ["jobs", "resume", job.Value, "--data", Data, "--json"], UndisturbedRuns.Settings));

        Assert.Equal(JobState.Completed, report.Status.State);
        ExportedPoints.AssertSame(undisturbed.Points, await UndisturbedRuns.ExportAsync(_home.Path, Data), Seed.Text);
    }

    private async Task<JobId> SubmitAndKillAsync(UndisturbedRun undisturbed, Killer killer)
    {
        await using var server = await ServeProcess.StartAsync(_home.Path, Data, UndisturbedRuns.Settings);
        var spec = undisturbed.Report.Status.Spec;
        var status = await server.Client.SubmitAsync(spec, Token);
        await killer.KillWithinAsync(server.Process, TimeSpan.FromSeconds(1));
        return status.Id;
    }

    private async Task KillAsync(Killer killer, JobId job, long? index)
    {
        if (index is null)
        {
            await using var process = ServeProcess.Launch(_home.Path, Data, UndisturbedRuns.Settings);
            await killer.KillWithinAsync(process, TimeSpan.FromSeconds(1.5));
            return;
        }

        await using var server = await ServeProcess.StartAsync(_home.Path, Data, UndisturbedRuns.Settings);
        Assert.NotNull(await Killer.CommittedAsync(server.Client, job, index.Value));
        await killer.KillWithinAsync(server.Process, TimeSpan.FromSeconds(0.5));
    }

    /// <summary>
    /// Nothing is lost or counted twice, and nothing is embedded again but what was in flight at a kill: documents that were stored behind
    /// a checkpoint are exactly those for which the model was not asked again.
    /// </summary>
    private static void AssertAccounts(UndisturbedRun undisturbed, JobReport report, IReadOnlyList<CrashedJob> crashes)
    {
        var (expected, actual) = (undisturbed.Report.Status.Counters, report.Status.Counters);
        Assert.All(crashes, static crash => Assert.InRange(crash.Unfinished.Count, 0, UndisturbedRuns.DocumentsInFlight));
        Assert.Equal(JobState.Completed, report.Status.State);
        var ahead = crashes.SelectMany(static crash => crash.Ahead).DistinctBy(static document => document.Id).Sum(static document => document.ChunkCount);
        Assert.Equal(
            (expected.Documents, expected.Stored, expected.Chunks, expected.Tokens, expected.PointsWritten, expected.Bytes),
            (actual.Documents, actual.Stored, actual.Chunks, actual.Tokens, actual.PointsWritten, actual.Bytes));

        // What was embedded for a batch that a kill hit is counted, and comes out of the cache for the next process.
        var inFlight = crashes.Count * UndisturbedRuns.DocumentsInFlight * ChaosDocuments.MostSentences;
        Assert.InRange(actual.EmbeddedTexts + actual.CacheHits + ahead - expected.EmbeddedTexts - expected.CacheHits, 0, inFlight);
        Assert.True(ahead > 0 || crashes.Any(static crash => crash.Unfinished.Count > 0), $"No kill hit a batch. {Seed.Text}");
        Assert.True(crashes.Max(static crash => crash.Status.LastCommittedIndex) > undisturbed.Documents / 2, $"The kills were not spread over the job. {Seed.Text}");
    }
}
