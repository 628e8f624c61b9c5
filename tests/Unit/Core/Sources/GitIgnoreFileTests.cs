using Quiver.Core.Sources;

namespace Quiver.Tests.Unit.Core.Sources;

public sealed class GitIgnoreFileTests
{
    [Theory]
    [InlineData("*.log", "x/a.log", false, true)]
    [InlineData("/a", "x/a", false, null)]
    [InlineData("/a", "a", false, true)]
    [InlineData("a/", "x/a", true, true)]
    [InlineData("a/", "a", false, null)]
    [InlineData("x/a", "y/x/a", false, null)]
    [InlineData("x/**", "x", true, null)]
    [InlineData("x/**", "x/y/a", false, true)]
    [InlineData("**/a", "a", false, true)]
    [InlineData("x/**/z", "x/z", false, true)]
    [InlineData("/*", "x/a", false, null)]
    [InlineData("*\n!b", "b", false, false)]
    [InlineData("!b\n*", "b", false, true)]
    [InlineData("\\!b", "!b", false, true)]
    [InlineData("\\#b", "#b", false, true)]
    [InlineData("# b", "# b", false, null)]
    [InlineData("a\\ ", "a ", false, true)]
    [InlineData("a  ", "a", false, true)]
    [InlineData("a\r\nb", "a", false, true)]
    [InlineData("[a-c]?.t", "bz.t", false, true)]
    [InlineData("[!a-c].t", "b.t", false, null)]
    [InlineData("[]]", "]", false, true)]
    [InlineData("[a", "[a", false, null)]
    [InlineData("a\\", "a", false, null)]
    [InlineData("\n\n/\n!\n", "a", false, null)]
    [InlineData("foo**bar", "foo/bar", false, null)]
    [InlineData("foo**bar", "fooxbar", false, true)]
    [InlineData("gen", "src/gen/x.cs", false, null)]
    public void Decides_OnePath_AsGitDoes(string rules, string path, bool isFolder, bool? expected) =>
        Assert.Equal(expected, GitIgnoreFile.Parse(rules).Decides(path, isFolder));
}
