using Quiver.Core.Consistency;
using Quiver.Tests.Support;
using Quiver.Tests.Unit.Core.Documents;

namespace Quiver.Tests.Integration.Sources.Files;

/// <summary>What mirroring files deletes, from the disk through batches to the sweep.</summary>
public sealed class FileMirrorTests : IDisposable
{
    private const string Two = "{\"id\":\"x\",\"text\":\"1\"}\n{\"id\":\"y\",\"text\":\"2\"}\n";
    private readonly TemporaryFolder _folder = new();
    private readonly BatchRig _rig = new();
    private long _generation;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("a.jsonl", Two, "{\"id\":\"x\",\"text\":\"1\"}\n{\"i#\":\"y\",\"text\":\"2\"\n")]
    [InlineData("a.jsonl", Two, "{\"id\":\"x\",\"text\":\"1\"}\n{\"text\":\"2\"}\n")]
    [InlineData("a.jsonl", Two, "{\"id\":\"x\",\"text\":\"1\"}{\"id\":\"y\",\"text\":\"2\"}\n")]
    [InlineData("a.jsonl", Two, "\0")]
    [InlineData("a.jsonl", Two, "")]
    [InlineData("a.jsonl", Two, "\n\n")]
    [InlineData("a.json", "[{\"id\":\"x\",\"text\":\"1\"},{\"id\":\"y\",\"text\":\"2\"}]", "[{\"id\":\"x\",\"text\":\"1\"}")]
    [InlineData("a.json", "[{\"id\":\"x\",\"text\":\"1\"},{\"id\":\"y\",\"text\":\"2\"}]", "[{\"id\":\"x\",\"text\":\"1\"},{\"id\":\"y\",")]
    [InlineData("a.json", "[{\"id\":\"x\",\"text\":\"1\"},{\"id\":\"y\",\"text\":\"2\"}]", "{\"id\":\"x\",\"text\":\"1\"}\n{\"id\":\"y\",\"text\":\"2\"}")]
    [InlineData("a.json", "[{\"id\":\"x\",\"text\":\"1\"},{\"id\":\"y\",\"text\":\"2\"}]", "x, y")]
    public async Task Mirror_RecordsThatCannotBeTold_KeepsWhatTheyMayBe(string name, string before, string damaged)
    {
        var path = _folder.Write(name, before);
        var spec = FileSources.Spec(path) with { IdField = "id" };
        await MirrorAsync(spec);

        File.WriteAllText(path, damaged);
        var counters = await MirrorAsync(spec);

        Assert.Equal(1, counters.Unidentified);
        Assert.Equal(["x#0=1", "y#0=2"], _rig.Points());
    }

    [Fact]
    public async Task Mirror_RecordsRunTogether_KeepsThemWithDerivedIdsToo()
    {
        var path = _folder.Write("a.json", "[{\"text\":\"1\"},{\"text\":\"2\"},{\"text\":\"3\"}]");
        await MirrorAsync(FileSources.Spec(path));

        File.WriteAllText(path, "[{\"text\":\"1\"},{\"text\":\"2},{\"text\":\"3\"}]");
        await MirrorAsync(FileSources.Spec(path));

        Assert.Equal(["a.json#0#0=1", "a.json#1#0=2", "a.json#2#0=3"], _rig.Points());
    }

    [Fact]
    public async Task Mirror_FileOfRecordsThatCannotBeOpened_KeepsTheRecords()
    {
        var path = _folder.Write("r/a.jsonl", Two);
        var spec = FileSources.Spec(_folder.At("r")) with { IdField = "id" };
        await MirrorAsync(spec);

        await using (new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            Assert.Equal(1, (await MirrorAsync(spec)).Unidentified);
        }

        Assert.Equal(["x#0=1", "y#0=2"], _rig.Points());
    }

    [Fact]
    public async Task Mirror_FileOfRecordsReplacedByALinkThatLeadsOut_KeepsTheRecords()
    {
        var path = _folder.Write("r/a.jsonl", Two);
        var spec = FileSources.Spec(_folder.At("r")) with { IdField = "id" };
        await MirrorAsync(spec);

        File.Move(path, _folder.At("moved.jsonl"));
        File.CreateSymbolicLink(path, "../moved.jsonl");
        await MirrorAsync(spec);

        Assert.Equal(["x#0=1", "y#0=2"], _rig.Points());
    }

    [Fact]
    public async Task Mirror_FolderThatCannotBeRead_KeepsWhatLiesInIt()
    {
        _folder.Write("r/a.txt", "a");
        _folder.Write("r/sub/b.txt", "b");
        var rules = _folder.Write("r/sub/.gitignore", "*.log");
        var spec = FileSources.Spec(_folder.At("r")) with { Include = ["*.txt"] };
        await MirrorAsync(spec);

        // Another process locks the folder's rules, so which files belong to the folder is unknown.
        await using (new FileStream(rules, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            Assert.Equal(1, (await MirrorAsync(spec)).Unidentified);
        }

        Assert.Equal(["r/a.txt#0=a", "r/sub/b.txt#0=b"], _rig.Points());
    }

    [Fact]
    public async Task Mirror_LinkThatCannotBeFollowed_KeepsWhatLayBehindIt()
    {
        _folder.Write("r/a.txt", "a");
        _folder.Write("r/sub/b.txt", "b");
        var spec = FileSources.Spec(_folder.At("r")) with { Include = ["*.txt"] };
        await MirrorAsync(spec);

        Directory.Delete(_folder.At("r/sub"), recursive: true);
        File.CreateSymbolicLink(_folder.At("r/sub"), "sub");
        await MirrorAsync(spec);

        Assert.Equal(["r/a.txt#0=a", "r/sub/b.txt#0=b"], _rig.Points());
    }

    [Fact]
    public async Task Mirror_FolderReplacedByALinkThatLeadsOut_KeepsWhatLayInIt()
    {
        _folder.Write("r/a.txt", "a");
        _folder.Write("r/sub/b.txt", "b");
        var spec = FileSources.Spec(_folder.At("r"));
        await MirrorAsync(spec);

        Directory.Move(_folder.At("r/sub"), _folder.At("moved"));
        Directory.CreateSymbolicLink(_folder.At("r/sub"), "../moved");
        await MirrorAsync(spec);

        Assert.Equal(["r/a.txt#0=a", "r/sub/b.txt#0=b"], _rig.Points());
    }

    [Fact]
    public async Task Mirror_FaultsThatStandForThemselves_DeletesWhatIsGone()
    {
        _folder.Write("r/a.jsonl", Two + "{\"id\":\"gone\",\"text\":\"3\"}");
        _folder.Write("r/b.txt", "b");
        _folder.Write("r/gone.txt", "gone");
        var spec = FileSources.Spec(_folder.At("r")) with { IdField = "id" };
        await MirrorAsync(spec);

        _folder.Write("r/a.jsonl", "{\"id\":\"x\",\"text\":\"1\"}\n{\"id\":\"y\"}\n");
        _folder.Write("r/b.txt", "");
        File.Delete(_folder.At("r/gone.txt"));
        File.CreateSymbolicLink(_folder.At("r/dangling"), "nowhere");
        var counters = await MirrorAsync(spec);

        Assert.Equal((3, 0, 2), (counters.Failed, counters.Unidentified, counters.Deleted));
        Assert.Equal(["r/b.txt#0=b", "x#0=1", "y#0=2"], _rig.Points());
    }

    /// <summary>One mirroring job: everything is stored, then what was not seen is deleted, unless something is unknown.</summary>
    private async Task<JobCounters> MirrorAsync(SourceSpec spec)
    {
        _generation++;
        var source = await FileSources.Factory().OpenAsync(spec, TestContext.Current.CancellationToken);
        var records = await FileSources.ReadAsync(spec);
        var counters = await _rig.ProcessAsync(_rig.Request(records.Select(record => record.Item), SyncMode.Mirror, _generation));
        if (counters.Unidentified > 0)
        {
            return counters;
        }

        var sweep = new MirrorSweep(_rig.Ledger, _rig.Store);
        return counters.Add(await sweep.StepAsync(_rig.Binding, source.Origins, _generation, TestContext.Current.CancellationToken));
    }
}
