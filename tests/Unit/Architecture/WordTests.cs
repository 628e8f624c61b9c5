using System.Text.RegularExpressions;

namespace Quiver.Tests.Unit.Architecture;

/// <summary>Words that are out: an operator or a newcomer would search for the plain one (CONTRIBUTING.md).</summary>
public sealed partial class WordTests
{
    private static readonly string[] Texts = ["*.cs", "*.md", "*.yml", "*.csproj", "*.props", "*.targets", "*.sh", "*.sql", "Dockerfile", ".editorconfig"];

    /// <summary>Lines that may hold such a word, by file and a part of the line: names that others chose, and this list itself.</summary>
    private static readonly (string File, string Part)[] Exceptions =
    [
        ("tests/Unit/Architecture/WordTests.cs", ""),
        ("CONTRIBUTING.md", "Words that are out"),
        ("tests/Services/postgres.sh", "id -un postgres"),
    ];

    [Fact]
    public void Texts_AreFound() => Assert.All(
        ["README.md", "docs/operating.md", "core/Jobs/JobMachine.cs", "docker-compose.yml", "build.sh"], static file => Assert.Contains(file, SourceTree.Texts(Texts)));

    [Fact]
    public void Rule_ForbidsTheWordsThatAreOut() => Assert.All(
        ["it was told", "Whoever reads", "under way", "stays for good", "who they are", "as may be"], static text => Assert.Matches(Out(), text));

    [Fact]
    public void Texts_UsePlainWords() => Assert.Empty(
        from file in SourceTree.Texts(Texts)
        from line in SourceTree.Lines(file).Select(static (text, i) => (Text: text, Number: i + 1))
        where Out().IsMatch(line.Text) && !Exceptions.Any(exception => exception.File == file && line.Text.Contains(exception.Part, StringComparison.Ordinal))
        select $"{file}:{line.Number}: {Out().Match(line.Text).Value}: {line.Text.Trim()}");

    [GeneratedRegex(
        @"\b(mend|mends|mended|mending|told|tells? (?:the|it|its|whoever|them)|anew|whoever|whosoever|nobody|for good|(?:as|than|that) may be|under way|lest|hence|goes on|go on|going on|went on|who (?:they|it|he) (?:are|is))\b",
        RegexOptions.IgnoreCase)]
    private static partial Regex Out();
}
