using System.Text.Json;
using Quiver.Cli;

namespace Quiver.Tests.Unit.Cli;

public sealed class ExitCodeTests
{
    public static TheoryData<Exception, int, string> Faults => new()
    {
        { new InvalidRequestException("c_invalid", "Bad.\nVery."), ExitCodes.Usage, "c_invalid" },
        { new NotFoundException(ErrorCodes.UnknownJob, "No."), ExitCodes.NotFound, ErrorCodes.UnknownJob },
        { new ConflictException(ErrorCodes.IllegalTransition, "No."), ExitCodes.Conflict, ErrorCodes.IllegalTransition },
        { new TransientException(ErrorCodes.ServerUnavailable, "Away."), ExitCodes.Unavailable, ErrorCodes.ServerUnavailable },
        { new ThrottledException("busy", "Later."), ExitCodes.Unavailable, "busy" },
        { new PermanentException(ErrorCodes.ModelUnavailable, "No model."), ExitCodes.Failure, ErrorCodes.ModelUnavailable },
        { new InvalidOperationException("Oops."), ExitCodes.Failure, ErrorCodes.Internal },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Fault_OfAnyKind_HasItsExitCodeAndOneSentence(Exception fault, int expected, string code)
    {
        var cli = new CliHarness { Client = { Fault = fault } };

        var exit = await cli.RunAsync("jobs", "show", "job-1");

        Assert.Equal(expected, exit);
        Assert.StartsWith("error: ", cli.Error, StringComparison.Ordinal);
        Assert.EndsWith($" ({code})\n", cli.Error.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Single(cli.Error.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Empty(cli.Out);
        Assert.True(cli.Session.Disposed);
    }

    [Theory]
    [InlineData(false, "--verbose shows the cause.")]
    [InlineData(true, "System.InvalidOperationException: Oops.")]
    public async Task Fault_InsideQuiver_ShowsItsCauseWhenAskedTo(bool verbose, string expected)
    {
        var cli = new CliHarness { Client = { Fault = new PermanentException(ErrorCodes.Internal, "Something failed.", new InvalidOperationException("Oops.")) } };

        Assert.Equal(ExitCodes.Failure, await cli.RunAsync(["jobs", "show", "job-1", .. verbose ? (string[])["--verbose"] : []]));

        Assert.Equal(["error: Something failed. (internal_error)", expected], cli.Error.TrimEnd().Split('\n'));
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Fault_WithJson_IsAnObjectWithTheCode(Exception fault, int expected, string code)
    {
        var cli = new CliHarness { Client = { Fault = fault } };

        Assert.Equal(expected, await cli.RunAsync("jobs", "show", "job-1", "--json"));
        using var document = JsonDocument.Parse(cli.Out);
        Assert.Equal(code, document.RootElement.GetProperty("error").GetProperty("code").GetString());
    }

    [Theory]
    [InlineData(JobState.Completed, ExitCodes.Success)]
    [InlineData(JobState.CompletedWithWarnings, ExitCodes.Warnings)]
    [InlineData(JobState.Failed, ExitCodes.Failure)]
    [InlineData(JobState.Cancelled, ExitCodes.Failure)]
    public async Task Job_HowItEnded_IsTheExitCodeOfIngestWatchAndResume(JobState state, int expected)
    {
        foreach (var line in (string[])["ingest x --collection books", "jobs watch job-1 --json", "jobs resume job-1", "jobs retry job-1"])
        {
            var cli = new CliHarness(server: line.Contains("watch", StringComparison.Ordinal));
            cli.Client.Events = [Samples.Event(1, state, 10)];
            cli.Client.Final = Samples.Job(state);

            Assert.Equal(expected, await cli.RunAsync(line.Split(' ')));
        }
    }
}
