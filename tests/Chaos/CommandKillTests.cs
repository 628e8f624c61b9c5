using Quiver.Tests.Support;

namespace Quiver.Tests.Chaos;

/// <summary>Commands are durable: what was paused stays paused and what was cancelled stays cancelled, even when the process is killed.</summary>
[Collection(ChaosCollection.Name)]
public sealed class CommandKillTests(UndisturbedRuns runs) : IDisposable
{
    private const int Documents = 1000;

    private readonly TemporaryFolder _home = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Data => _home.At("data");

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Pause_ThenKilledTwice_StaysPausedAndResumesToThePointsOfAnUndisturbedRun()
    {
        var undisturbed = await runs.OverAsync(Documents);
        var job = await KillAfterAsync(undisturbed, static (server, job) => server.Client.PauseJobAsync(job, Token));
        var paused = await CrashedJob.ReadAsync(Data, job);

        JobStatus untouched;
        await using (var server = await StartAsync())
        {
            await RunAnotherJobAsync(server);
            untouched = await server.Client.GetJobAsync(job, Token);
            server.Process.Kill();
            await server.Process.ExitAsync();
        }

        JobReport report;
        await using (var server = await StartAsync())
        {
            await server.Client.ResumeJobAsync(job, Token);
            report = await Killer.EndedAsync(server.Client, job);
            ExportedPoints.AssertSame(undisturbed.Points, await ExportedPoints.ReadAsync(server.Client, UndisturbedRuns.Collection), Seed.Text);
        }

        Assert.Equal(JobState.Paused, paused.Status.State);
        Assert.Equal((JobState.Paused, false, paused.Status.LastCommittedIndex, paused.Status.Epoch), (untouched.State, untouched.Active, untouched.LastCommittedIndex, untouched.Epoch));
        Assert.Equal((JobState.Completed, undisturbed.Documents), (report.Status.State, report.Status.Counters.Documents));
    }

    [Fact]
    public async Task Cancel_ThenKilled_NeverRunsAgain()
    {
        var undisturbed = await runs.OverAsync(Documents);
        var job = await KillAfterAsync(undisturbed, static (server, job) => server.Client.CancelJobAsync(job, Token));
        var before = await UndisturbedRuns.ExportAsync(_home.Path, Data);

        await using var server = await StartAsync();
        await RunAnotherJobAsync(server);
        var status = await server.Client.GetJobAsync(job, Token);
        var resume = await Assert.ThrowsAsync<ConflictException>(() => server.Client.ResumeJobAsync(job, Token));
        var retry = await Assert.ThrowsAsync<ConflictException>(() => server.Client.RetryJobAsync(job, Token));
        var after = await ExportedPoints.ReadAsync(server.Client, UndisturbedRuns.Collection);

        Assert.Equal((JobState.Cancelled, false), (status.State, status.Active));
        Assert.Equal((ErrorCodes.IllegalTransition, ErrorCodes.IllegalTransition), (resume.Code, retry.Code));
        Assert.InRange(before.Count, 1, undisturbed.Points.Count - 1);
        ExportedPoints.AssertSame(before, after, "A cancelled job continued");
    }

    private Task<ServeProcess> StartAsync() => ServeProcess.StartAsync(_home.Path, Data, UndisturbedRuns.Settings);

    /// <summary>Gives a command in the middle of a job and kills the server as soon as it has answered.</summary>
    private async Task<JobId> KillAfterAsync(UndisturbedRun undisturbed, Func<ServeProcess, JobId, Task<JobStatus>> command)
    {
        await using var server = await StartAsync();
        var job = (await server.Client.SubmitAsync(undisturbed.Report.Status.Spec, Token)).Id;
        Assert.NotNull(await Killer.CommittedAsync(server.Client, job, 0));
        await command(server, job);
        server.Process.Kill();
        await server.Process.ExitAsync();
        return job;
    }

    /// <summary>A job that runs from start to end shows that the server has taken up what it was going to take up.</summary>
    private async Task RunAnotherJobAsync(ServeProcess server)
    {
        var status = await server.Client.SubmitAsync(
            new()
            {
                Tenant = server.Client.Tenant,
                Collection = CollectionName.Parse("other"),
                Source = new() { Paths = [_home.Write("other.txt", "Another text.")] },
            },
            Token);
        Assert.Equal(JobState.Completed, (await Killer.EndedAsync(server.Client, status.Id)).Status.State);
    }
}
