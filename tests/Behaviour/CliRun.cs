using Quiver.Cli;
using Quiver.Cli.Commands;
using Quiver.Silo.DataDirectory;
using Quiver.Silo.Repair;
using Quiver.Silo.Sessions;

namespace Quiver.Tests.Behaviour;

/// <summary>The real command line in this process: real sessions, real host, only the console is not one.</summary>
internal static class CliRun
{
    public static async Task<CliResult> InvokeAsync(string currentDirectory, params string[] arguments)
    {
        using var interruption = new Interruption();
        await using var registration = TestContext.Current.CancellationToken.Register(() => interruption.Signal(InterruptKind.Interrupt));
        await using var output = new StringWriter();
        await using var error = new StringWriter();
        var code = await QuiverCli.InvokeAsync(arguments, new CliEnvironment
        {
            Out = output,
            Error = error,
            In = static () => TextReader.Null,
            Sessions = new SessionFactory(TimeProvider.System),
            Server = new ServeHost(TimeProvider.System),
            Compact = new CompactHost(TimeProvider.System),
            Repair = new RepairHost(TimeProvider.System),
            DoctorChecks = static _ => [],
            Interruption = interruption,
            CurrentDirectory = currentDirectory,
            ExecutableDirectory = AppContext.BaseDirectory,
            Variable = static _ => null,
        });
        return new(code, output.ToString(), error.ToString());
    }
}

/// <summary>Exit code and output of a command.</summary>
internal sealed record CliResult(int ExitCode, string Out, string Error)
{
    /// <summary>Lines on standard output.</summary>
    public IReadOnlyList<string> Lines => Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Asserts that the command was refused with one sentence and a code.</summary>
    public void AssertRefused(int exitCode, string code)
    {
        Assert.True(ExitCode == exitCode, $"Exit code {ExitCode} instead of {exitCode}: {Out}{Error}");
        Assert.Empty(Out);
        var line = Assert.Single(Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("error: ", line, StringComparison.Ordinal);
        Assert.EndsWith($" ({code})", line, StringComparison.Ordinal);
        Assert.InRange(line.Length, "error: ".Length + code.Length + 20, 400);
    }
}
