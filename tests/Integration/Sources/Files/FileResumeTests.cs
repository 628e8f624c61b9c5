using System.Text;
using Quiver.Core.Sources;
using Quiver.Tests.Support;

namespace Quiver.Tests.Integration.Sources.Files;

public sealed class FileResumeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 12)];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Read_FromEveryCursor_GivesTheRest(int seed)
    {
        Grow(new Random(seed));
        var spec = FileSources.Spec(_folder.At("r"), _folder.At("r/a"), _folder.At("single.jsonl"));

        var whole = await FileSources.ReadAsync(spec);

        Assert.True(whole.Count > 10);
        var expected = whole.Select(Show).ToArray();
        for (var i = 0; i < whole.Count; i++)
        {
            Assert.True(whole[i].Next.Position.Length <= 8_192);
            var rest = await FileSources.ReadAsync(spec, whole[i].Next);
            Assert.True(expected[(i + 1)..].SequenceEqual(rest.Select(Show)), $"seed {seed}, from {whole[i].Next}");
        }
    }

    [Fact]
    public async Task Resume_BehindTheLastRecordOfAFile_DoesNotOpenItAgain()
    {
        _folder.Write("r/a.jsonl", "{\"text\":\"1\"}\n{\"text\":\"2\"}\n\n");
        _folder.Write("r/b.txt", "b");
        var spec = FileSources.Spec(_folder.At("r"));
        var cursor = (await FileSources.ReadAsync(spec))[1].Next;
        _folder.Write("r/a.jsonl", "{\"text\":\"other\"}\n");

        Assert.Equal(["2 r/b.txt"], (await FileSources.ReadAsync(spec, cursor)).Select(Brief));
    }

    [Fact]
    public async Task Resume_LinesWereAppended_GoesOnAtTheOffset()
    {
        var path = _folder.Write("r/a.jsonl", "{\"text\":\"1\"}\n{\"text\":\"2\"}\n");
        var spec = FileSources.Spec(_folder.At("r"));
        var cursor = (await FileSources.ReadAsync(spec))[0].Next;
        File.AppendAllText(path, "{\"text\":\"3\"}\n");

        Assert.Equal(["1 r/a.jsonl#1", "2 r/a.jsonl#2"], (await FileSources.ReadAsync(spec, cursor)).Select(Brief));
    }

    [Theory]
    [InlineData("a.jsonl", "{\"text\":\"x\"}\n")]
    [InlineData("a.json", "[{\"text\":\"x\"},{\"text\":\"y\"},{\"text\":\"z\"}]")]
    public async Task Resume_FileWasRewritten_ReadsItFromItsBeginning(string name, string rewritten)
    {
        var path = _folder.Write($"r/{name}", name == "a.json" ? "[{\"text\":\"1\"},{\"text\":\"2\"}]" : "{\"text\":\"1\"}\n{\"text\":\"2\"}\n");
        var spec = FileSources.Spec(_folder.At("r"));
        var cursor = (await FileSources.ReadAsync(spec))[0].Next;
        File.WriteAllText(path, rewritten);

        Assert.Equal($"1 r/{name}#0", Brief((await FileSources.ReadAsync(spec, cursor))[0]));
    }

    [Theory]
    [InlineData("{\"text\":\"another one, longer than all that stood here\"}\n{\"text\":\"2\"}\n{\"text\":\"3\"}\n")]
    [InlineData("{\"text\":\"0\"}\n{\"text\":\"1\"}\n{\"text\":\"2\"}\n")]
    public async Task Resume_LongerFileThatDoesNotBeginTheSame_IsReadFromItsBeginning(string rewritten)
    {
        var path = _folder.Write("r/a.jsonl", "{\"text\":\"1\"}\n{\"text\":\"2\"}\n");
        var spec = FileSources.Spec(_folder.At("r"));
        var cursor = (await FileSources.ReadAsync(spec))[0].Next;
        File.WriteAllText(path, rewritten);

        Assert.Equal(["1 r/a.jsonl#0", "2 r/a.jsonl#1", "3 r/a.jsonl#2"], (await FileSources.ReadAsync(spec, cursor)).Select(Brief));
    }

    [Fact]
    public async Task Resume_LinesWereAppendedBehindManyKilobytes_GoesOnAtTheOffset()
    {
        var line = $"{{\"text\":\"{new string('x', 3_000)}\"}}\n";
        var path = _folder.Write("r/a.jsonl", line + line + line + line);
        var spec = FileSources.Spec(_folder.At("r"));
        var cursor = (await FileSources.ReadAsync(spec))[2].Next;
        File.AppendAllText(path, line);

        Assert.Equal(["3 r/a.jsonl#3", "4 r/a.jsonl#4"], (await FileSources.ReadAsync(spec, cursor)).Select(Brief));
    }

    [Fact]
    public async Task Resume_FileVanished_GoesOnWithTheNextPath()
    {
        var path = _folder.Write("r/b/a.jsonl", "{\"text\":\"1\"}\n{\"text\":\"2\"}\n");
        _folder.Write("r/a.txt", "a");
        _folder.Write("r/c.txt", "c");
        var spec = FileSources.Spec(_folder.At("r"));
        var cursor = (await FileSources.ReadAsync(spec))[1].Next;
        File.Delete(path);
        Directory.Delete(_folder.At("r/b"));

        Assert.Equal(["2 r/c.txt"], (await FileSources.ReadAsync(spec, cursor)).Select(Brief));
    }

    private static string Show(SourceRecord record) =>
        $"{record.Item with { Metadata = [] }}|{string.Join(',', record.Item.Metadata.OrderBy(field => field.Key, StringComparer.Ordinal))}|{record.Next}";

    private static string Brief(SourceRecord record) => $"{record.Item.Ordinal} {FileSources.Show(record.Item)}";

    private void Grow(Random random)
    {
        string[] names = ["a", "b", "a-b", "B", "é", "z z", "c'\"\\"];
        string[] endings = [".txt", ".md", ".jsonl", ".json", ".cs", ".unknown"];
        for (var i = 0; i < 25; i++)
        {
            var folders = string.Concat(Enumerable.Range(0, random.Next(3)).Select(_ => names[random.Next(names.Length)] + "/"));
            var ending = endings[random.Next(endings.Length)];
            _folder.Write($"r/{folders}f{names[random.Next(names.Length)]}{ending}", Content(ending, random));
        }

        _folder.Write("r/a/x.txt", "x");
        _folder.Write("single.jsonl", Content(".jsonl", random));
        File.CreateSymbolicLink(_folder.At("r/dangling"), "nowhere");
        Directory.CreateSymbolicLink(_folder.At("r/b-link"), "a");
        Directory.CreateSymbolicLink(_folder.At("r/out"), "..");
    }

    private static string Content(string ending, Random random)
    {
        if (random.Next(8) == 0)
        {
            return "";
        }

        var records = Enumerable.Range(0, random.Next(0, 5)).Select(i => random.Next(5) == 0 ? "{bad" + "}" : $"{{\"text\":\"t{i}\",\"n\":{i}}}");
        return ending switch
        {
            ".jsonl" => new StringBuilder().AppendJoin(random.Next(2) == 0 ? "\n" : "\r\n\r\n", records).Append(random.Next(2) == 0 ? "\n" : "").ToString(),
            ".json" => $"[{string.Join(",\n", records)}{(random.Next(4) == 0 ? "" : "]")}",
            _ => random.Next(5) == 0 ? "\0" : $"Content {random.Next()}",
        };
    }
}
