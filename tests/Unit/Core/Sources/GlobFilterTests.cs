using Quiver.Core.Sources;

namespace Quiver.Tests.Unit.Core.Sources;

public sealed class GlobFilterTests
{
    [Theory]
    [InlineData("*.md", "a.md", true)]
    [InlineData("*.md", "x/y/a.md", true)]
    [InlineData("*.md", "a.mdx", false)]
    [InlineData("./*.md", "a.md", true)]
    [InlineData("./*.md", "x/a.md", false)]
    [InlineData("/a.md", "x/a.md", false)]
    [InlineData("docs/*.md", "docs/a.md", true)]
    [InlineData("docs/*.md", "docs/x/a.md", false)]
    [InlineData("docs/**/*.md", "docs/a.md", true)]
    [InlineData("docs/**/*.md", "docs/x/y/a.md", true)]
    [InlineData("docs/**", "docs/x/y", true)]
    [InlineData("docs/**", "docs", false)]
    [InlineData("docs/", "docs/x", true)]
    [InlineData("**/x/**/y", "x/y", true)]
    [InlineData("**/x/**/y", "a/x/x/b/y", true)]
    [InlineData("**/x/**/y", "a/y/x", false)]
    [InlineData("?.c", "a.c", true)]
    [InlineData("?.c", "ab.c", false)]
    [InlineData("a*b*c", "axxbyybc", true)]
    [InlineData("a*b*c", "axxbyyb", false)]
    [InlineData("[ab]", "[ab]", true)]
    [InlineData("[ab]", "a", false)]
    [InlineData("A.md", "a.md", false)]
    [InlineData("**", "any/thing", true)]
    [InlineData("dir\\*.md", "dir/a.md", true)]
    public void Includes_OneGlob_MatchesAsDocumented(string glob, string path, bool expected) =>
        Assert.Equal(expected, new GlobFilter([glob], []).Includes(path));

    [Theory]
    [InlineData("node_modules", "x/node_modules", true)]
    [InlineData("bin/**", "bin", true)]
    [InlineData("bin/**", "bin/x", true)]
    [InlineData("*.log", "x.txt", false)]
    public void Excludes_FilesAndFolders_ByName(string glob, string path, bool expected) =>
        Assert.Equal(expected, new GlobFilter([], [glob]).Excludes(path));

    [Fact]
    public void Includes_ExcludedFile_IsNotWanted() => Assert.False(new GlobFilter(["*.md"], ["a.md"]).Includes("x/a.md"));

    [Theory]
    [InlineData("", false)]
    [InlineData("a", true)]
    [InlineData("./", false)]
    [InlineData("**", true)]
    public void IsValid_TellsWhatNamesNothing(string glob, bool expected) => Assert.Equal(expected, GlobFilter.IsValid(glob));

    [Fact]
    public void Includes_ManyStars_IsNotExponential() =>
        Assert.False(new GlobFilter([string.Concat(Enumerable.Repeat("**/*a*/", 30)) + "b"], []).Includes(string.Concat(Enumerable.Repeat("aaaaaaaaaa/", 60)) + "c"));
}
