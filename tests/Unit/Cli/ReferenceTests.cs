using System.CommandLine;
using System.CommandLine.Help;
using System.Globalization;
using System.Text.RegularExpressions;
using Quiver.Cli;
using Quiver.Cli.Commands;
using Quiver.Cli.Parsing;
using Quiver.Tests.Unit.Architecture;

namespace Quiver.Tests.Unit.Cli;

/// <summary>Keeps docs/cli.md true: its tables are the parser's own symbols.</summary>
public sealed partial class ReferenceTests
{
    private static readonly RootCommand Root = CommandTree.Build(new(), null, (_, _) => Task.FromResult(0));

    public static TheoryData<string> Commands => [.. Leaves(Root).Select(UsageErrors.PathOf)];

    [Theory]
    [MemberData(nameof(Commands))]
    public void Reference_EveryCommand_ListsItsArgumentsOptionsAndDefaults(string path)
    {
        var command = Leaves(Root).Single(candidate => UsageErrors.PathOf(candidate) == path);

        Assert.Equal(Rows([.. command.Arguments, .. command.Options]), RowsOf($"### `{path}`"));
    }

    [Fact]
    public void Reference_GlobalOptions_AreTheRoots() =>
        Assert.Equal(Rows(Root.Options.Where(option => option is not (HelpOption or VersionOption))), RowsOf("## Options of every command"));

    [Fact]
    public void Reference_Headings_NameNoCommandThatIsGone() => Assert.Equal(
        Leaves(Root).Select(UsageErrors.PathOf).Order(),
        Headings().Matches(Text()).Select(match => match.Groups[1].Value).Order());

    [Fact]
    public void Reference_ExitCodes_AreAllThere()
    {
        var codes = typeof(ExitCodes).GetFields().Where(field => field.IsLiteral).Select(field => Convert.ToString(field.GetRawConstantValue(), CultureInfo.InvariantCulture));

        Assert.Equal(codes, Section("## Exit codes").Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Select(line => line.Split('`')[1]));
    }

    [Fact]
    public void Help_EveryOption_SaysItsDefaultOrIsASwitch() => Assert.DoesNotContain(
        Leaves(Root).SelectMany(command => command.Options),
        option => option.ValueType != typeof(bool) && !option.Description!.Contains("Default: ", StringComparison.Ordinal) && !option.Required);

    private static IEnumerable<Command> Leaves(Command command) =>
        command.Subcommands.Count == 0 ? [command] : command.Subcommands.SelectMany(Leaves);

    private static IEnumerable<string> Rows(IEnumerable<Symbol> symbols) => symbols.Select(symbol =>
    {
        var parts = symbol.Description!.Split(" Default: ");
        var (name, fallback) = symbol switch
        {
            Argument argument => (argument.Arity.MaximumNumberOfValues > 1 ? $"{argument.Name}…" : argument.Name, argument.Arity.MinimumNumberOfValues > 0 ? "required" : ""),
            Option option => ($"{option.Name} {option.HelpName}".Trim(), option.Required ? "required" : option.ValueType == typeof(bool) ? "off" : ""),
            _ => throw new InvalidOperationException($"What is {symbol}?"),
        };
        var text = parts[0];
        return $"| `{name.Replace("|", "\\|", StringComparison.Ordinal)}` | {text.Replace("|", "\\|", StringComparison.Ordinal)} | {(parts.Length > 1 ? parts[1].TrimEnd('.') : fallback)} |";
    });

    private static IEnumerable<string> RowsOf(string heading) =>
        Section(heading).Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal));

    private static string Section(string heading)
    {
        var text = Text();
        var start = text.IndexOf(heading + "\n", StringComparison.Ordinal);
        Assert.True(start >= 0, $"docs/cli.md has no heading {heading}");
        var end = text.IndexOf("\n#", start + heading.Length, StringComparison.Ordinal);
        return end < 0 ? text[start..] : text[start..end];
    }

    private static string Text() =>
        File.ReadAllText(Path.Combine(SourceTree.Root, "docs", "cli.md")).ReplaceLineEndings("\n");

    [GeneratedRegex("^### `(quiver [a-z ]+)`$", RegexOptions.Multiline)]
    private static partial Regex Headings();
}
