using System.Text.Json;
using Quiver.Cli;

namespace Quiver.Tests.Unit.Cli;

public sealed class JobsTests
{
    [Fact]
    public async Task Watch_OfAJobThatPausesByItself_EndsAndSaysWhatToDo()
    {
        var cli = new CliHarness();
        cli.Client.KeepsRunning = true;
        cli.Client.Job = Samples.Job(JobState.Paused) with { ErrorCode = ErrorCodes.StorageFull, ErrorMessage = "There is no room." };
        cli.Client.Events = [Samples.Event(1, JobState.Paused, 3, kind: JobEventKind.StateChanged) with { Code = ErrorCodes.StorageFull }];

        Assert.Equal(ExitCodes.Unavailable, await cli.RunAsync("jobs", "resume", "job-1"));

        Assert.Contains("paused itself: There is no room. Resume it with: quiver jobs resume", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watch_OfAJobWhoseQuotaIsUsedUp_SaysWhenItContinues()
    {
        var cli = new CliHarness();
        cli.Client.KeepsRunning = true;
        cli.Client.Job = Samples.Job(JobState.Paused) with { ErrorCode = ErrorCodes.ProviderQuotaSpent, ErrorMessage = "It continues at midnight.", ResumesAt = Samples.Now.AddHours(12) };
        cli.Client.Events = [Samples.Event(1, JobState.Paused, 3, kind: JobEventKind.StateChanged) with { Code = ErrorCodes.ProviderQuotaSpent }];

        Assert.Equal(ExitCodes.Unavailable, await cli.RunAsync("jobs", "resume", "job-1"));
        await cli.RunAsync("jobs", "show", "job-1");

        Assert.Contains("paused itself: It continues at midnight. Resume it earlier with: quiver jobs resume", cli.Error, StringComparison.Ordinal);
        Assert.Contains("continues at     2026-05-05 00:00:00Z", cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_AJobThatWaited_SeparatesWorkFromWaiting_AndShowsItsPresentRate()
    {
        var cli = new CliHarness();
        cli.Client.Job = Samples.Job(JobState.Running, active: true) with
        {
            Elapsed = TimeSpan.FromSeconds(500),
            Waiting = TimeSpan.FromSeconds(480),
            DocumentsPerSecond = 2.5,
            TimeLeft = TimeSpan.FromSeconds(150),
        };

        await cli.RunAsync("jobs", "show", "job-1");

        Assert.Contains("elapsed          8 min 20 s: 20.0 s working, 8 min 0 s waiting", cli.Out, StringComparison.Ordinal);
        Assert.Contains("rate             2.5 documents/s, 3 min left", cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_ARunningJobWithoutASilo_IsInterrupted()
    {
        var cli = new CliHarness();
        cli.Client.Jobs = [Samples.Job(JobState.Running), Samples.Job(JobState.Running, active: true)];

        Assert.Equal(ExitCodes.Success, await cli.RunAsync("jobs", "list", "--state", "running", "--collection", "books", "--limit", "7"));

        Assert.Equal(
            ["ID     COLLECTION  STATE        DOCUMENTS  FAILED    AGE", "job-1  books       interrupted         10       1  5 min", "job-1  books       running             10       1  5 min"],
            cli.Out.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(new JobListRequest { State = JobState.Running, Collection = CollectionName.Parse("books"), Limit = 7 }, cli.Client.Listed);
        Assert.False(cli.Session.Opened!.RunsJobs);
    }

    [Fact]
    public async Task List_MoreThanALimit_SaysHowToContinue()
    {
        var cli = new CliHarness();
        cli.Client.Jobs = [.. Enumerable.Repeat(Samples.Job(JobState.Completed), 3)];

        await cli.RunAsync("jobs", "list", "--limit", "2", "--tenant", "t1");

        Assert.Contains("More: quiver jobs list --after 2 --tenant t1", cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_All_GathersEveryPageUpToTheCap()
    {
        var cli = new CliHarness();
        cli.Client.Jobs = [.. Enumerable.Repeat(Samples.Job(JobState.Completed), 10_500)];

        await cli.RunAsync("jobs", "list", "--all", "--json");

        using var document = JsonDocument.Parse(cli.Out);
        Assert.Equal(10_000, document.RootElement.GetProperty("items").GetArrayLength());
        Assert.Equal("10000", document.RootElement.GetProperty("next").GetString());
    }

    [Fact]
    public async Task Failures_ManyPages_AreAllListed()
    {
        var cli = new CliHarness();
        cli.Client.Failures = [.. Enumerable.Range(0, 5).Select(i => Samples.Failure(i))];

        Assert.Equal(ExitCodes.Success, await cli.RunAsync("jobs", "failures", "job-1", "--json"));

        var ordinals = cli.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line =>
        {
            using var document = JsonDocument.Parse(line);
            return document.RootElement.GetProperty("ordinal").GetInt64();
        });
        Assert.Equal([0L, 1, 2, 3, 4], ordinals);
    }

    [Theory]
    [InlineData("pause", false)]
    [InlineData("cancel", false)]
    [InlineData("show", false)]
    [InlineData("report", false)]
    [InlineData("failures", false)]
    [InlineData("resume", true)]
    [InlineData("retry", true)]
    public async Task Command_WithoutServer_RunsJobsOnlyWhenItContinuesOne(string command, bool runs)
    {
        var cli = new CliHarness();

        await cli.RunAsync("jobs", command, "job-1");

        Assert.Equal(runs, cli.Session.Opened!.RunsJobs);
        Assert.Equal(runs, cli.Client.Calls.Contains("watch"));
    }

    [Theory]
    [InlineData(true, "http://server/artifacts/token", "until 2026-05-04 12:00:00Z")]
    [InlineData(false, "/data/artifacts/failures.jsonl", "1 failed document")]
    public async Task Failures_Export_PrintsWhatCanBeFetchedFromHere(bool server, string link, string part)
    {
        var cli = new CliHarness(server);
        cli.Client.Export = new(JobId.Parse("job-1"), 1,
        [
            new()
            {
                Name = "failures.jsonl",
                Bytes = 120,
                ContentType = "application/jsonl",
                Link = server ? new("http://server/artifacts/token") : new("/artifacts/token", UriKind.Relative),
                ExpiresAt = Samples.Now,
                Location = "/data/artifacts/failures.jsonl",
            },
        ]);

        Assert.Equal(ExitCodes.Success, await cli.RunAsync("jobs", "failures", "job-1", "--export"));

        Assert.Equal(["exportJob"], cli.Client.Calls);
        Assert.Contains($"failures.jsonl  120 bytes  {link}", cli.Out, StringComparison.Ordinal);
        Assert.Contains(part, cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resume_WithServer_DoesNotWait()
    {
        var cli = new CliHarness(server: true);

        Assert.Equal(ExitCodes.Success, await cli.RunAsync("jobs", "resume", "job-1"));
        Assert.Equal(["resume"], cli.Client.Calls);
    }

    [Fact]
    public async Task Retry_EventsOfTheFailedRun_AreNotTakenForTheEnd()
    {
        var cli = new CliHarness();
        cli.Client.Job = Samples.Job(JobState.Queued) with { LastEventSequence = 2 };
        cli.Client.Events = [Samples.Event(1, JobState.Running, 5), Samples.Event(2, JobState.Failed, 5), Samples.Event(3, JobState.Completed, 10)];

        Assert.Equal(ExitCodes.Success, await cli.RunAsync("jobs", "retry", "job-1"));
        Assert.DoesNotContain("failed: 5", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watch_WithoutServerAJobThatIsNotFinal_DoesNotWaitForever()
    {
        var cli = new CliHarness();
        cli.Client.KeepsRunning = true;
        cli.Client.Job = Samples.Job(JobState.Running) with { LastEventSequence = 2 };
        cli.Client.Events = [Samples.Event(1, JobState.Running, 5), Samples.Event(2, JobState.Running, 6)];

        Assert.Equal(ExitCodes.Conflict, await cli.RunAsync("jobs", "watch", "job-1", "--json"));

        var lines = cli.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, lines.Length);
        Assert.Contains(CliErrorCodes.JobNotRunning, lines[2], StringComparison.Ordinal);
        Assert.Contains("quiver jobs resume job-1", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_AnInterruptedJob_NamesTheNextCommand()
    {
        var cli = new CliHarness();
        cli.Client.Job = Samples.Job(JobState.Running);

        await cli.RunAsync("jobs", "show", "job-1");

        Assert.Contains("interrupted", cli.Out, StringComparison.Ordinal);
        Assert.Contains("quiver jobs resume job-1", cli.Out, StringComparison.Ordinal);
    }
}
