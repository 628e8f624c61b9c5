using System.Text.Json;
using Quiver.Cli;
using Quiver.Cli.Doctor;
using Quiver.Cli.Output;
using Quiver.GrainInterfaces.Providers;

namespace Quiver.Tests.Unit.Cli;

/// <summary>Control characters in what documents, names and messages contain never reach a terminal, whatever the command.</summary>
public sealed class TerminalTests
{
    // Sets the window's title, colours, writes over the line, and reverses what follows.
    private const string Hostile = "a\u001b]0;owned\u0007b\u009b31mc\rd\u0085e\u202ef\tg";

    public static TheoryData<string> Commands =>
    [
        "search q --collection books", "collections facets books author", "collections verify books", "jobs show job-1", "jobs report job-1",
        "jobs failures job-1", "ingest x --collection books", "doctor", "providers list", "providers test openai", "collections set books --retain-for 1d",
    ];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Text_OfAnyCommand_HasNoControlCharacter(string line)
    {
        var cli = Harness();

        await cli.RunAsync(line.Split(' '));

        AssertHarmless(cli.Out + cli.Error, line);
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Error_OfAnyCommand_HasNoControlCharacter(string line)
    {
        var cli = Harness();
        cli.Client.Fault = new TransientException(ErrorCodes.ServerUnavailable, $"It said '{Hostile}'.");

        await cli.RunAsync([.. line.Split(' '), "--verbose"]);

        AssertHarmless(cli.Out + cli.Error, line);
    }

    [Fact]
    public async Task Usage_WithControlCharacters_IsEscaped()
    {
        var cli = Harness();

        await cli.RunAsync("jobs", "list", "--limit", Hostile);

        AssertHarmless(cli.Error, "jobs list");
    }

    [Fact]
    public async Task Json_HasTheTextUnchanged()
    {
        var cli = Harness();

        await cli.RunAsync("search", "q", "--collection", "books", "--json");

        Assert.DoesNotContain('\u001b', cli.Out);
        using var document = JsonDocument.Parse(cli.Out);
        Assert.Equal(Hostile, document.RootElement.GetProperty("hits")[0].GetProperty("text").GetString());
    }

    [Theory]
    [InlineData("plain é 中 😀 \\u001b", "plain é 中 😀 \\u001b")]
    [InlineData("a\u001b[2Jb", "a\\u001b[2Jb")]
    [InlineData("a\tb\r\nc\0d\u007f", "a\\tb\\r\\nc\\u0000d\\u007f")]
    [InlineData("\u202egnp.exe\u2028", "\\u202egnp.exe\\u2028")]
    public void Escape_WritesControlCharactersAsJsonDoes(string text, string escaped) => Assert.Equal(escaped, TerminalText.Escape(text));

    private static CliHarness Harness()
    {
        var job = Samples.Job(JobState.Running, active: true) with { StalledBecause = Hostile };
        var cli = new CliHarness { Checks = [new HostileCheck()] };
        cli.Client.Hits = [Samples.Hit(Hostile) with { DocumentId = Hostile }];
        cli.Client.Values = [new(Hostile, 3)];
        cli.Client.Verify = new() { Documents = 1, MissingPoints = 1, Differing = [Hostile] };
        cli.Client.Failures = [Samples.Failure(0) with { DocumentId = Hostile, Reason = Hostile }];
        cli.Client.Job = job with { Spec = job.Spec with { Source = new() { Paths = [Hostile] } } };
        cli.Client.Final = Samples.Job(JobState.Failed) with { ErrorCode = "code", ErrorMessage = Hostile };
        cli.Client.Events = [Samples.Event(1, JobState.Running, 1, kind: JobEventKind.Stalled) with { Message = Hostile }];
        cli.Client.Provider = Samples.Provider with { Fault = Hostile, Model = Hostile };
        cli.Client.IsChangePending = true;
        cli.Client.PendingFault = Hostile;
        return cli;
    }

    private static void AssertHarmless(string output, string line)
    {
        Assert.All(output.Where(static character => character != '\n'), character => Assert.False(
            char.IsControl(character) || character is '\u202e', $"{line} prints U+{(int)character:X4}: {output}"));
        Assert.Contains("\\u001b", output, StringComparison.Ordinal);
    }

    private sealed class HostileCheck : IDoctorCheck
    {
        public string Name => "hostile";

        public Task<DoctorResult> RunAsync(CancellationToken cancellationToken) => Task.FromResult(DoctorResult.Fail(Hostile, Hostile));
    }
}
