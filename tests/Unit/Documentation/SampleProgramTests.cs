using Quiver.Tests.Unit.Architecture;

namespace Quiver.Tests.Unit.Documentation;

/// <summary>docs/cluster.md shows the program that the tests of the cluster compile and run.</summary>
public sealed class SampleProgramTests
{
    private const int MostLines = 30;
    private const string Indent = "        ";
    private const string Source = "tests/Cluster/SampleProgram.cs";

    [Fact]
    public void SampleProgram_InTheDocumentation_IsTheOneThatIsTested()
    {
        var source = SourceTree.Lines(Source);
        var body = source.SkipWhile(static line => line != "    {").Skip(1).TakeWhile(static line => line != "    }")
            .Select(static line => line.StartsWith(Indent, StringComparison.Ordinal) ? line[Indent.Length..] : line);

        Assert.Equal(body, Shown().SkipWhile(static line => line.StartsWith("using Q", StringComparison.Ordinal) || line.StartsWith("using M", StringComparison.Ordinal) || line.Length == 0));
    }

    [Fact]
    public void SampleProgram_InTheDocumentation_NamesWhatItUses()
    {
        var given = SourceTree.Lines(Source).Concat(SourceTree.Lines("tests/Quiver.Tests.csproj").Select(static line => line.Trim()
            .Replace("<Using Include=\"", "using ", StringComparison.Ordinal).Replace("\" />", ";", StringComparison.Ordinal)));

        Assert.Subset(given.ToHashSet(), Shown().TakeWhile(static line => line.Length > 0).ToHashSet());
    }

    [Fact]
    public void SampleProgram_IsShort() => Assert.InRange(Shown().Count, 10, MostLines);

    private static List<string> Shown() =>
        [.. SourceTree.Lines("docs/cluster.md").SkipWhile(static line => line != "```csharp").Skip(1).TakeWhile(static line => line != "```")];
}
