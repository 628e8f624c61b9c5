namespace Quiver.Tests.Behaviour;

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
