using FsCheck;
using FsCheck.Fluent;
using Quiver.Cli.Output;

namespace Quiver.Tests.Unit.Cli;

public sealed class SnippetTests
{
    [Fact]
    public void Of_AnyText_ShowsFewLinesOfItThatFit() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(500),
        Prop.ForAll<string?, string?, PositiveInt>((text, query, width) =>
        {
            var source = text ?? "";
            var most = width.Get + 1;
            var snippet = Snippet.Of(source, query ?? "", most);
            var lines = source.ReplaceLineEndings("\n").Split('\n');
            return snippet.Lines.Length <= 3
                && snippet.Lines.All(line => line.Length > 0 && line.Length <= most && !line.Contains('\n', StringComparison.Ordinal))
                && snippet.Lines.IsEmpty == string.IsNullOrWhiteSpace(source)
                && (snippet.Lines.IsEmpty || lines[snippet.FirstLine].Trim().StartsWith(snippet.Lines[0].TrimEnd('…'), StringComparison.Ordinal));
        }));

    [Fact]
    public void Of_ALongLine_IsCutBetweenCharacters()
    {
        var snippet = Snippet.Of("ab😀cdef", "x", 4);

        Assert.Equal(["ab…"], snippet.Lines);
    }
}
