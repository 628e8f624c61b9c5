using Quiver.Cli;
using Quiver.Tests.Support;

namespace Quiver.Tests.Chaos;

/// <summary>Stops in good order lose nothing: what was in flight is committed, and no document is embedded twice.</summary>
[Collection(ChaosCollection.Name)]
public sealed class StopTests(UndisturbedRuns runs) : IDisposable
{
    private const int Documents = 1000;

    /// <summary>However busy the machine is, the batches in flight are finished.</summary>
    private static readonly IReadOnlyDictionary<string, string> Settings = new Dictionary<string, string>(UndisturbedRuns.Settings)
    {
        ["QUIVER__JOBS__DRAINTIMEOUT"] = "00:09:00",
        ["QUIVER__SERVER__DRAINTIMEOUT"] = "00:10:00",
    };

    private readonly TemporaryFolder _home = new();

    private string Data => _home.At("data");

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Serve_ToldToTerminate_DrainsAndTheNextOneGoesOn()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Needs SIGTERM.");
        var undisturbed = await runs.OverAsync(Documents);
        JobId job;
        string log;
        await using (var server = await ServeProcess.StartAsync(_home.Path, Data, Settings))
        {
            job = (await server.Client.SubmitAsync(undisturbed.Report.Status.Spec, TestContext.Current.CancellationToken)).Id;
            Assert.NotNull(await Killer.CommittedAsync(server.Client, job, 0));
            await server.Process.TerminateAsync();
            Assert.Equal(ExitCodes.Success, await server.Process.ExitAsync());
            log = server.Process.Error.Text;
        }

        var stopped = await CrashedJob.ReadAsync(Data, job);
        JobReport report;
        await using (var server = await ServeProcess.StartAsync(_home.Path, Data, Settings))
        {
            report = await Killer.EndedAsync(server.Client, job);
        }

        await AssertNothingWasDoneTwiceAsync(undisturbed, stopped, report, log);
    }

    [Fact]
    public async Task Ingest_Interrupted_DrainsAndResumeFinishes()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Needs SIGINT.");
        var undisturbed = await runs.OverAsync(Documents);
        JobId job;
        string log;
        await using (var process = QuiverProcess.Start(_home.Path, UndisturbedRuns.Ingest(undisturbed.Path, Data), Settings))
        {
            var line = await process.LineAsync(process.Error, static line => line.StartsWith("job ", StringComparison.Ordinal), "job id");
            job = JobId.Parse(line.Split(' ')[1]);
            await process.LineAsync(process.Error, static line => line.StartsWith("running: ", StringComparison.Ordinal) && !line.Contains(" 0 documents", StringComparison.Ordinal), "progress");
            await process.InterruptAsync();
            Assert.True(await process.ExitAsync() == ExitCodes.Interrupted, process.Describe("should have been interrupted"));
            log = process.Error.Text;
            Assert.Contains($"jobs resume {job}", log, StringComparison.Ordinal);
        }

        var stopped = await CrashedJob.ReadAsync(Data, job);
        var report = UndisturbedRuns.ReportOf(await QuiverProcess.RunAsync(_home.Path, ["jobs", "resume", job.Value, "--data", Data, "--json"], Settings));

        await AssertNothingWasDoneTwiceAsync(undisturbed, stopped, report, log);
    }

    private async Task AssertNothingWasDoneTwiceAsync(UndisturbedRun undisturbed, CrashedJob stopped, JobReport report, string log)
    {
        var (expected, actual) = (undisturbed.Report.Status.Counters, report.Status.Counters);
        Assert.Equal(JobState.Running, stopped.Status.State);
        Assert.InRange(stopped.Status.LastCommittedIndex, 0, undisturbed.Documents - 2);
        Assert.True(stopped.Unfinished.Count + stopped.Ahead.Count == 0, $"{stopped.Unfinished.Count} documents were left half done and {stopped.Ahead.Count} not committed:\n{log}");
        Assert.Equal((JobState.Completed, 2), (report.Status.State, report.Status.Epoch));

        // How many texts share a call depends on how fast the machine reads the source, and on where the job was stopped.
        Assert.Equal(expected, actual with { EmbeddingCalls = expected.EmbeddingCalls });
        ExportedPoints.AssertSame(undisturbed.Points, await UndisturbedRuns.ExportAsync(_home.Path, Data), Seed.Text);
    }
}
