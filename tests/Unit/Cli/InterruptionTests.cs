using System.Text.Json;
using Quiver.Cli;

namespace Quiver.Tests.Unit.Cli;

public sealed class InterruptionTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(InterruptKind.Interrupt, ExitCodes.Interrupted)]
    [InlineData(InterruptKind.Terminate, ExitCodes.Terminated)]
    public async Task FirstSignal_InProcess_DrainsAndSaysHowToResume(InterruptKind kind, int expected)
    {
        var cli = Running(new CliHarness());

        var run = cli.RunAsync("ingest", "a", "--collection", "books", "--data", "d");
        await cli.Client.Watching.Task.WaitAsync(Timeout, TestContext.Current.CancellationToken);
        cli.Interruption.Signal(kind);
        var exit = await run.WaitAsync(Timeout, TestContext.Current.CancellationToken);

        Assert.Equal(expected, exit);
        Assert.Equal(["submit", "watch", "drain", "report"], cli.Client.Calls);
        Assert.Contains("stopped after 10 committed documents; resume with: quiver jobs resume job-1 --data d", cli.Error, StringComparison.Ordinal);
        Assert.Empty(cli.Out);
        Assert.True(cli.Session.Disposed);
    }

    [Fact]
    public async Task FirstSignal_JobEndsWhileDraining_GivesTheJobsOwnResult()
    {
        var cli = Running(new CliHarness());

        var run = cli.RunAsync("jobs", "resume", "job-1");
        await cli.Client.Watching.Task.WaitAsync(Timeout, TestContext.Current.CancellationToken);
        cli.Client.KeepsRunning = false;
        cli.Interruption.Signal(InterruptKind.Interrupt);

        Assert.Equal(ExitCodes.Success, await run.WaitAsync(Timeout, TestContext.Current.CancellationToken));
        Assert.Contains("completed", cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FirstSignal_DrainTakesTooLong_StillSaysHowToResume()
    {
        var cli = Running(new CliHarness(drainTimesOut: true));

        var run = cli.RunAsync("ingest", "a", "--collection", "books");
        await cli.Client.Watching.Task.WaitAsync(Timeout, TestContext.Current.CancellationToken);
        cli.Interruption.Signal(InterruptKind.Interrupt);

        Assert.Equal(ExitCodes.Interrupted, await run.WaitAsync(Timeout, TestContext.Current.CancellationToken));
        Assert.Contains("took too long", cli.Error, StringComparison.Ordinal);
        Assert.Contains("quiver jobs resume job-1", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SecondSignal_WhileDraining_LeavesAtOnce()
    {
        var cli = Running(new CliHarness(drainHangs: true));

        var run = cli.RunAsync("ingest", "a", "--collection", "books");
        await cli.Client.Watching.Task.WaitAsync(Timeout, TestContext.Current.CancellationToken);
        cli.Interruption.Signal(InterruptKind.Interrupt);
        await cli.Session.Draining.Task.WaitAsync(Timeout, TestContext.Current.CancellationToken);
        cli.Interruption.Signal(InterruptKind.Terminate);

        Assert.Equal(ExitCodes.Interrupted, await run.WaitAsync(Timeout, TestContext.Current.CancellationToken));
        Assert.Contains("aborted.", cli.Error, StringComparison.Ordinal);
        Assert.Contains("quiver jobs resume job-1", cli.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ingest a --collection books")]
    [InlineData("jobs watch job-1")]
    [InlineData("jobs watch job-1 --json")]
    public async Task FirstSignal_OnAServer_Detaches(string line)
    {
        var cli = Running(new CliHarness(server: true));

        var run = cli.RunAsync(line.Split(' '));
        await cli.Client.Watching.Task.WaitAsync(Timeout, TestContext.Current.CancellationToken);
        cli.Interruption.Signal(InterruptKind.Interrupt);

        Assert.Equal(ExitCodes.Interrupted, await run.WaitAsync(Timeout, TestContext.Current.CancellationToken));
        Assert.Contains("detached: job job-1 continues on the server at http://127.0.0.1:7700", cli.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("drain", cli.Client.Calls);
    }

    [Fact]
    public async Task FirstSignal_WithJson_StillPrintsOneDocument()
    {
        var cli = Running(new CliHarness());

        var run = cli.RunAsync("ingest", "a", "--collection", "books", "--json");
        await cli.Client.Watching.Task.WaitAsync(Timeout, TestContext.Current.CancellationToken);
        cli.Interruption.Signal(InterruptKind.Interrupt);
        await run.WaitAsync(Timeout, TestContext.Current.CancellationToken);

        using var document = JsonDocument.Parse(cli.Out);
        Assert.Equal("running", document.RootElement.GetProperty("status").GetProperty("state").GetString());
    }

    [Fact]
    public async Task Signal_DuringAQuestion_IsInterrupted()
    {
        var cli = new CliHarness();
        cli.Client.Fault = new OperationCanceledException();
        cli.Interruption.Signal(InterruptKind.Interrupt);

        Assert.Equal(ExitCodes.Interrupted, await cli.RunAsync("search", "q", "--collection", "books"));
        Assert.Contains("(interrupted)", cli.Error, StringComparison.Ordinal);
    }

    private static CliHarness Running(CliHarness cli)
    {
        cli.Client.KeepsRunning = true;
        cli.Client.Job = Samples.Job(JobState.Running);
        return cli;
    }
}
