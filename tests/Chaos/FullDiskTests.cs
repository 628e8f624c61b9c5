using System.Net;
using System.Net.Http.Json;
using Quiver.Cli;
using Quiver.Client.Json;
using Quiver.Tests.Support;

namespace Quiver.Tests.Chaos;

/// <summary>Disks that fill up, refuse writes or limit files: the program says so, and continues where it was when that is over.</summary>
public sealed class FullDiskTests(UndisturbedRuns runs) : IClassFixture<UndisturbedRuns>, IDisposable
{
    private const int Documents = 1000;
    private const int Plenty = 512;

    private readonly TemporaryFolder _home = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Data => _home.At("disk/data");

    public void Dispose() => _home.Dispose();

    [Theory]
    [InlineData(3)]
    [InlineData(6)]
    public async Task Ingest_OnADiskThatFillsUp_PausesItsJobWhichThenContinuesToTheSamePoints(int megabytes)
    {
        var undisturbed = await runs.OverAsync(Documents);
        await using var disk = await SmallDisk.MountAsync(_home.At("disk"), megabytes);
        string job;
        await using (var process = QuiverProcess.Start(_home.Path, UndisturbedRuns.Ingest(undisturbed.Path, Data), UndisturbedRuns.Settings))
        {
            job = (await process.LineAsync(process.Error, static line => line.StartsWith("job ", StringComparison.Ordinal), "job id")).Split(' ')[1];
            Assert.True(await process.ExitAsync() == ExitCodes.Unavailable, process.Describe("should have stopped because the disk is full"));
            Assert.Contains("the disk is full", process.Error.Text, StringComparison.Ordinal);
            Assert.Contains("(storage_full)", process.Error.Text, StringComparison.Ordinal);
            Assert.Contains($"jobs resume {job}", process.Error.Text, StringComparison.Ordinal);
        }

        await disk.GrowAsync(Plenty);
        var report = UndisturbedRuns.ReportOf(
            await QuiverProcess.RunAsync(_home.Path, ["jobs", "resume", job, "--data", Data, "--json"], UndisturbedRuns.Settings));

        Assert.Equal((JobState.Completed, undisturbed.Documents), (report.Status.State, report.Status.Counters.Documents));
        ExportedPoints.AssertSame(undisturbed.Points, await UndisturbedRuns.ExportAsync(_home.Path, Data), Seed.Text);
    }

    [Fact]
    public async Task Serve_WhoseDiskFillsUp_PausesAnswersSaysSoAndContinues()
    {
        var undisturbed = await runs.OverAsync(Documents);
        await using var disk = await SmallDisk.MountAsync(_home.At("disk"), 64);
        await using var server = await ServeProcess.StartAsync(_home.Path, Data, UndisturbedRuns.Settings);
        using var http = new HttpClient { BaseAddress = server.Address };
        var first = (await server.Client.SubmitAsync(undisturbed.Report.Status.Spec, Token)).Id;
        Assert.NotNull(await Killer.CommittedAsync(server.Client, first, 0));
        var filler = disk.Fill();

        var paused = await PausedAsync(server, first);

        // What the job has still to release, such as a log of SQLite, is filled too.
        await Patience.UntilAsync(
            async () =>
            {
                disk.Fill();
                using var answer = await http.GetAsync("/health/ready", Token);
                return answer.StatusCode == HttpStatusCode.ServiceUnavailable;
            },
            "the server is not ready");
        using var unready = await http.GetAsync("/health/ready", Token);
        using var live = await http.GetAsync("/health/live", Token);
        var reasons = (await unready.Content.ReadFromJsonAsync(QuiverJsonContext.Shared.Readiness, Token))!.Reasons;
        var doctor = await QuiverProcess.RunAsync(_home.Path, ["doctor", "--data", Data], exitCode: ExitCodes.Failure);

        Assert.Equal(ErrorCodes.StorageFull, paused.ErrorCode);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK), (unready.StatusCode, live.StatusCode));
        Assert.Contains("full", reasons["storage"], StringComparison.Ordinal);
        Assert.Contains("the disk is full", doctor.Text, StringComparison.Ordinal);

        File.Delete(filler);
        await Patience.UntilAsync(async () => (await server.Client.GetJobAsync(first, Token)).StalledBecause is null, "the paused state is saved");
        await server.Client.ResumeJobAsync(first, Token);
        var report = await Killer.EndedAsync(server.Client, first);
        using var ready = await http.GetAsync("/health/ready", Token);

        Assert.Equal((JobState.Completed, undisturbed.Documents), (report.Status.State, report.Status.Counters.Documents));
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        ExportedPoints.AssertSame(undisturbed.Points, await ExportedPoints.ReadAsync(server.Client, UndisturbedRuns.Collection), Seed.Text);
    }

    [Fact]
    public async Task Cancel_OnAFullDisk_Works()
    {
        var undisturbed = await runs.OverAsync(Documents);
        await using var disk = await SmallDisk.MountAsync(_home.At("disk"), 64);
        await using var server = await ServeProcess.StartAsync(_home.Path, Data, UndisturbedRuns.Settings);
        var job = (await server.Client.SubmitAsync(undisturbed.Report.Status.Spec, Token)).Id;
        Assert.NotNull(await Killer.CommittedAsync(server.Client, job, 0));
        var filler = disk.Fill();
        await PausedAsync(server, job);

        var cancelled = await server.Client.CancelJobAsync(job, Token);
        File.Delete(filler);
        await Patience.UntilAsync(async () => (await server.Client.GetJobAsync(job, Token)).StalledBecause is null, "the cancelled state is saved");
        server.Process.Kill();
        await server.Process.ExitAsync();
        await using var next = await ServeProcess.StartAsync(_home.Path, Data, UndisturbedRuns.Settings);

        Assert.Equal(JobState.Cancelled, cancelled.State);
        Assert.Equal(JobState.Cancelled, (await next.Client.GetJobAsync(job, Token)).State);
    }

    [Fact]
    public async Task Ingest_IntoAReadOnlyFileSystem_SaysSo()
    {
        await using var disk = await SmallDisk.MountAsync(_home.At("disk"), 8);
        await disk.ProtectAsync();
        var file = _home.Write("a.txt", "Some words about trains.");
        await using var process = QuiverProcess.Start(_home.Path, UndisturbedRuns.Ingest(file, Data));

        Assert.True(await process.ExitAsync() == ExitCodes.Failure, process.Describe("should have been refused"));
        Assert.Contains("its file system is read-only", process.Error.Text, StringComparison.Ordinal);
        Assert.Contains("(storage_unavailable)", process.Error.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ingest_UnderALimitOnTheSizeOfFiles_NamesTheFileAndContinuesWithoutTheLimit()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Needs ulimit -f as Linux has it.");
        var file = _home.Write("a.txt", "Some words about trains.");
        string[] ingest = ["ingest", file, "--collection", "u", "--data", _home.At("data")];
        await using (var process = QuiverProcess.Start(_home.Path, ingest, fileBlocks: 20_000))
        {
            Assert.True(await process.ExitAsync() == ExitCodes.Failure, process.Describe("should have failed"));
            Assert.Contains("vectors.bin", process.Out.Text, StringComparison.Ordinal);
            Assert.Contains("ulimit -f", process.Out.Text, StringComparison.Ordinal);
            Assert.Contains("(storage_unavailable)", process.Out.Text, StringComparison.Ordinal);
        }

        await QuiverProcess.RunAsync(_home.Path, ingest);
    }

    private static async Task<JobStatus> PausedAsync(ServeProcess server, JobId job)
    {
        JobStatus? status = null;
        await Patience.UntilAsync(async () => (status = await server.Client.GetJobAsync(job, Token)).State == JobState.Paused, "the job pauses");
        return status!;
    }
}
