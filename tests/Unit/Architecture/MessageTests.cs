using System.Text.RegularExpressions;

namespace Quiver.Tests.Unit.Architecture;

/// <summary>Messages that can reach a caller of the HTTP API name the request or the member too, where they name a command or an option.</summary>
public sealed partial class MessageTests
{
    private static readonly string[] Folders = ["grain-interfaces", "core", "adapters", "grains", "silo/Api", "silo/Hosting"];

    /// <summary>Messages that only commands print.</summary>
    private static readonly string[] OfCommands =
    [
        // A command that reads the data directory without a server.
        "run a command that writes first, such as 'quiver serve' or 'quiver ingest'",

        // Parts of a sentence that continues with the members of the request.
        "=> \"--where",
        "=> \"--since",

        // The server cannot print the cause, which may hold paths; the log has it.
        "the server's log and 'quiver doctor' name the reason",
    ];

    [Fact]
    public void Rule_FindsCommandsAndOptions()
    {
        Assert.True(NamesOnlyTheCommandLine("\"There is none: 'quiver jobs list' shows them.\""));
        Assert.True(NamesOnlyTheCommandLine("\"Name it with --text-field.\""));
        Assert.False(NamesOnlyTheCommandLine("\"There is none: 'quiver jobs list' (GET /v1/jobs) shows them.\""));
        Assert.False(NamesOnlyTheCommandLine("\"Name it with --text-field (in JSON source.textField).\""));
    }

    [Fact]
    public void Messages_NameMoreThanTheCommandLine() => Assert.Empty(
        from file in SourceTree.Files(Folders)
        where !file.Contains("/ModelBuilder/", StringComparison.Ordinal)
        from line in SourceTree.Lines(file).Select(static (text, i) => (Text: text.Trim(), Number: i + 1))
        where !line.Text.StartsWith("//", StringComparison.Ordinal) && NamesOnlyTheCommandLine(line.Text)
        where !OfCommands.Any(message => line.Text.Contains(message, StringComparison.Ordinal))
        select $"{file}:{line.Number}: {line.Text}");

    private static bool NamesOnlyTheCommandLine(string line) =>
        line.Contains('"', StringComparison.Ordinal) && CommandLine().IsMatch(line) && !Others().IsMatch(line);

    [GeneratedRegex(@"\bquiver (?:jobs|collections|providers|ingest|search|doctor|serve|usage)\b|(?<![\w-])--[a-z]{2,}")]
    private static partial Regex CommandLine();

    [GeneratedRegex(@"/v1/|in JSON|Quiver:")]
    private static partial Regex Others();
}
