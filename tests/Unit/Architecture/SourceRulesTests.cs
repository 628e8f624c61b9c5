namespace Quiver.Tests.Unit.Architecture;

public sealed class SourceRulesTests
{
    // Put together, so that this file does not break its own rule.
    private static readonly string[] Banned = ["TO" + "DO", "HA" + "CK", "FIX" + "ME", "#pragma warning " + "disable", "Suppress" + "Message", "Thread.Sl" + "eep"];

    // There is one build: what differs between single and cluster is chosen by settings.
    private static readonly string[] Conditions = ["#" + "if ", "#" + "elif "];

    [Fact]
    public void Sources_AreFound() => Assert.True(SourceTree.Files().Count > 100);

    [Fact]
    public void Sources_HoldNoPostponedWorkAndNoSilencedWarnings() => Assert.Empty(Find(SourceTree.Files(), Banned));

    [Fact]
    public void Sources_AreCompiledTheSameInEveryBuild() => Assert.Empty(Find(SourceTree.Files(), Conditions));

    [Fact]
    public void Sources_OfGrains_NameNoAdapter() =>
        Assert.Empty(Find(SourceTree.Files("grain-interfaces", "core", "grains"), ["Quiver.Adapters", "Quiver.Silo", "Microsoft.Data", "System.Net.Http"]));

    [Fact]
    public void Sources_OfGrains_StayOnTheirScheduler() =>
        Assert.Empty(Find(SourceTree.Files("grains"), ["ConfigureAwait(" + "false)", "Task." + "Run", "Parallel" + "."]));

    private static IEnumerable<string> Find(IReadOnlyList<string> files, string[] words) =>
        from file in files
        from line in SourceTree.Lines(file).Select((text, i) => (Text: text, Number: i + 1))
        from word in words
        where line.Text.Contains(word, StringComparison.Ordinal)
        select $"{file}:{line.Number}: {word}";
}
