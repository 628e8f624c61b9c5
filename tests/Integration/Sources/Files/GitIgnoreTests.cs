using System.Diagnostics;
using Quiver.Tests.Support;

namespace Quiver.Tests.Integration.Sources.Files;

public sealed class GitIgnoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 40)];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Read_WorkTree_HonoursFilesAtEveryLevelUpToItsRoot()
    {
        _folder.Write("repo/.git/HEAD", "ref");
        _folder.Write("repo/.gitignore", "*.log\n/root-only.txt\nbuild/\n");
        _folder.Write("repo/sub/.gitignore", "!keep.log\nlocal.txt\n");
        foreach (var path in new[] { "root-only.txt", "sub/a.log", "sub/keep.log", "sub/local.txt", "sub/root-only.txt", "sub/build/x.txt", "sub/in/local.txt", "sub/in/a.txt" })
        {
            _folder.Write($"repo/{path}", "text");
        }

        Assert.Equal(
            ["sub/.gitignore", "sub/in/a.txt", "sub/keep.log", "sub/root-only.txt"],
            await FileSources.OutcomesAsync(FileSources.Spec(_folder.At("repo/sub"))));
    }

    [Fact]
    public async Task Read_GitIgnoreNotHonoured_ReadsWhatGitIgnores()
    {
        _folder.Write("r/.git/HEAD", "ref");
        _folder.Write("r/.gitignore", "*.log\n");
        _folder.Write("r/a.log", "text");

        Assert.Equal(["r/.gitignore", "r/a.log"], await FileSources.OutcomesAsync(FileSources.Spec(_folder.At("r")) with { HonourGitIgnore = false }));
    }

    [Fact]
    public async Task Read_IgnoredFolderThatIsNamed_IsRead()
    {
        _folder.Write("repo/.git/HEAD", "ref");
        _folder.Write("repo/.gitignore", "gen\n");
        _folder.Write("repo/gen/a.txt", "text");

        Assert.Equal(["gen/a.txt"], await FileSources.OutcomesAsync(FileSources.Spec(_folder.At("repo/gen"))));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Read_AnyRules_AgreesWithGit(int seed)
    {
        if (await RunGitAsync("init", "-q") is null)
        {
            Assert.Skip("git is not installed here.");
        }

        var random = new Random(seed);
        string[] names = ["a", "b", "ab", "a.c", "x y", "!d"];
        for (var i = 0; i < 40; i++)
        {
            TryWrite(Path(random, names));
        }

        // Not among them: "a**/b". Git's documentation says that it means "a*/b" (GitIgnoreFileTests), its code takes it for "a" and "**/b".
        string[] parts = ["a", "b", "ab", "*", "**", "?", "a*", "*.c", "[ab]", "[!a]*", "x y", "\\!d", "!d"];
        foreach (var at in new[] { "", "a/", "b/" })
        {
            var rules = Enumerable.Range(0, random.Next(1, 6)).Select(_ =>
                (random.Next(3) == 0 ? "!" : "") + (random.Next(3) == 0 ? "/" : "") + string.Join('/', Enumerable.Range(0, random.Next(1, 4)).Select(_ => parts[random.Next(parts.Length)])) + (random.Next(3) == 0 ? "/" : ""));
            if (at.Length == 0 || Directory.Exists(_folder.At(at)))
            {
                _folder.Write($"{at}.gitignore", string.Join('\n', rules) + "\n");
            }
        }

        var wanted = (await RunGitAsync("ls-files", "-z", "--others", "--exclude-standard"))!.Split('\0', StringSplitOptions.RemoveEmptyEntries);
        var read = (await FileSources.OutcomesAsync(FileSources.Spec(_folder.Path))).Select(id => id[(id.IndexOf('/', StringComparison.Ordinal) + 1)..]);

        var all = string.Join("\n---\n", Directory.GetFiles(_folder.Path, ".gitignore", SearchOption.AllDirectories).Select(file => $"{file}\n{File.ReadAllText(file)}"));
        Assert.True(wanted.Order(StringComparer.Ordinal).SequenceEqual(read.Order(StringComparer.Ordinal)), $"seed {seed}: git [{string.Join(", ", wanted)}] but read [{string.Join(", ", read)}]\n{all}");
    }

    private static string Path(Random random, string[] names) =>
        string.Join('/', Enumerable.Range(0, random.Next(1, 5)).Select(_ => names[random.Next(names.Length)]));

    private void TryWrite(string path)
    {
        var parents = path.Split('/');
        var blocked = Enumerable.Range(1, parents.Length - 1).Any(i => File.Exists(_folder.At(string.Join('/', parents[..i]))));
        if (!blocked && !Directory.Exists(_folder.At(path)))
        {
            _folder.Write(path, "text");
        }
    }

    private async Task<string?> RunGitAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("git", ["-c", "core.excludesFile=", .. arguments]) { WorkingDirectory = _folder.Path, RedirectStandardOutput = true };
        try
        {
            using var git = Process.Start(start)!;
            var output = await git.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await git.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(0, git.ExitCode);
            return output;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
