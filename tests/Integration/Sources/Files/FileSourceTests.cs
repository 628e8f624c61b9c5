using Microsoft.Extensions.DependencyInjection;
using Quiver.Adapters.Sources.Files;
using Quiver.Core.Sources;
using Quiver.Tests.Support;

namespace Quiver.Tests.Integration.Sources.Files;

public sealed class FileSourceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Read_Folder_GoesDepthFirstInOrdinalOrder()
    {
        foreach (var path in new[] { "d/b.md", "d/B.md", "d/a/z.txt", "d/a.txt", "d/a-b.txt", "d/é.txt", "d/.hidden", "d/empty/.keep" })
        {
            _folder.Write(path, $"content of {path}");
        }

        var records = await FileSources.ReadAsync(FileSources.Spec(_folder.At("d")));

        Assert.Equal(["d/.hidden", "d/B.md", "d/a/z.txt", "d/a-b.txt", "d/a.txt", "d/b.md", "d/empty/.keep", "d/é.txt"], Sorted(records));
        Assert.Equal(Enumerable.Range(0, 8).Select(i => (long)i), records.Select(record => record.Item.Ordinal));
        Assert.All(records, record => Assert.Equal(_folder.At("d"), record.Item.Origin));
        Assert.All(records, record => Assert.Equal(record.Item.Id, record.Item.Metadata["path"]));
    }

    [Fact]
    public async Task Read_JsonRecords_DerivesIdsAndMetadata()
    {
        _folder.Write("a.jsonl", "{\"text\":\"one\",\"k\":\"v\"}\n\n{\"text\":\"two\"}\nbad\n");

        var items = (await FileSources.ReadAsync(FileSources.Spec(_folder.At("a.jsonl")) with { Name = "named" })).Select(record => record.Item).ToList();

        Assert.Equal(["a.jsonl#0", "a.jsonl#1", "a.jsonl#2 malformed_record"], items.Select(FileSources.Show));
        Assert.Equal(("v", "a.jsonl", "1"), (items[0].Metadata["k"], items[0].Metadata["path"], items[0].Metadata["line"]));
        Assert.Equal("3", items[1].Metadata["line"]);
        Assert.All(items, item => Assert.Equal(("named", false), (item.Origin, item.HasExplicitId)));
        Assert.StartsWith("a.jsonl: Line 4: ", items[2].FaultReason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_IdField_MakesIdsExplicit()
    {
        _folder.Write("a.jsonl", "{\"text\":\"one\",\"key\":5}\n{\"text\":\"two\"}");

        var items = (await FileSources.ReadAsync(FileSources.Spec(_folder.At("a.jsonl")) with { IdField = "key" })).Select(record => record.Item).ToList();

        Assert.Equal(["5", "a.jsonl#1 missing_id"], items.Select(FileSources.Show));
        Assert.Equal([true, false], items.Select(item => item.HasExplicitId));
    }

    [Fact]
    public async Task Read_BadFiles_FailAlone()
    {
        _folder.Write("r/binary.xyz", "\0\u0001");
        _folder.Write("r/empty.txt", "");
        _folder.Write("r/good.txt", "good");
        _folder.Write("r/large.txt", new string('x', 101));
        _folder.Write("r/picture.png", "\0\u0001");
        File.WriteAllBytes(_folder.At("r/latin.txt"), [(byte)'a', 0xE9]);

        var spec = FileSources.Spec(_folder.At("r")) with { MaxDocumentBytes = 100 };

        Assert.Equal(
            ["r/binary.xyz binary_file", "r/empty.txt empty_document", "r/good.txt", "r/large.txt document_too_large", "r/latin.txt invalid_utf8"],
            await FileSources.OutcomesAsync(spec));
        Assert.Equal(["picture.png binary_file"], await FileSources.OutcomesAsync(FileSources.Spec(_folder.At("r/picture.png"))));
    }

    [Fact]
    public async Task Read_IncludeAndExclude_SelectFiles()
    {
        foreach (var path in new[] { "r/a.md", "r/a.txt", "r/x/b.md", "r/skip/c.md", "r/x/d.md" })
        {
            _folder.Write(path, "text");
        }

        var spec = FileSources.Spec(_folder.At("r")) with { Include = ["*.md"], Exclude = ["skip", "x/d.*"] };

        Assert.Equal(["r/a.md", "r/x/b.md"], await FileSources.OutcomesAsync(spec));
    }

    [Fact]
    public async Task Read_SeveralRoots_KeepsIdsApartAndReadsNothingTwice()
    {
        foreach (var path in new[] { "p/docs/a.md", "q/docs/a.md", "q/docs/in/b.md" })
        {
            _folder.Write(path, path);
        }

        var outcomes = await FileSources.OutcomesAsync(
            FileSources.Spec(_folder.At("p/docs"), _folder.At("q/docs/"), _folder.At("q/docs/in/../in"), _folder.At("q/docs")));

        Assert.Equal(["p/docs/a.md", "q/docs/a.md", "in/b.md"], outcomes);
    }

    [Fact]
    public async Task Count_OneDocumentFormats_CountsFilesAndGivesUpOnOthers()
    {
        _folder.Write("r/a.md", "a");
        _folder.Write("r/x/b.md", "b");
        var source = await FileSources.Factory().OpenAsync(FileSources.Spec(_folder.At("r")), TestContext.Current.CancellationToken);

        Assert.Equal(2, await source.CountAsync(TestContext.Current.CancellationToken));
        _folder.Write("r/c.jsonl", "{}");
        Assert.Null(await source.CountAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Read_Cancelled_StopsBetweenRecordsAndClosesTheFile()
    {
        var path = _folder.Write("a.jsonl", "{\"text\":\"one\"}\n{\"text\":\"two\"}\n{\"text\":\"three\"}\n");
        var source = await FileSources.Factory().OpenAsync(FileSources.Spec(path), TestContext.Current.CancellationToken);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var read = 0;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var record in source.ReadAsync(SourceCursor.Start, stop.Token))
            {
                read++;
                await stop.CancelAsync();
            }
        });

        Assert.Equal(1, read);
        await using var exclusive = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
    }

    [Fact]
    public async Task Read_RootGoneAfterOpening_ThrowsInsteadOfBeingEmpty()
    {
        _folder.Write("r/a.md", "a");
        var source = await FileSources.Factory().OpenAsync(FileSources.Spec(_folder.At("r")), TestContext.Current.CancellationToken);
        Directory.Delete(_folder.At("r"), recursive: true);

        var error = await Assert.ThrowsAsync<PermanentException>(async () => await source.ReadAsync(SourceCursor.Start, TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken));

        Assert.Equal(ErrorCodes.PathNotFound, error.Code);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("{\"root\":7}")]
    [InlineData("{\"root\":-1}")]
    [InlineData("null")]
    public async Task Read_ForeignCursor_IsRefused(string position)
    {
        var path = _folder.Write("a.md", "a");

        var error = await Assert.ThrowsAsync<PermanentException>(() => FileSources.ReadAsync(FileSources.Spec(path), new SourceCursor(1, position)));

        Assert.Equal(ErrorCodes.SourceChanged, error.Code);
    }

    private static IEnumerable<string> Sorted(IEnumerable<SourceRecord> records) => records.Select(record => FileSources.Show(record.Item));

    [Theory]
    [InlineData("d/a.parquet")]
    [InlineData("d/named-without-an-ending")]
    public async Task Read_FormatThatNeedsSeeking_ReadsTheFileItselfAndResumes(string path)
    {
        _folder.Write(path, "TAILabc3");
        var spool = new MemorySpool();
        var services = new ServiceCollection().AddSingleton(TailFormat.Registry(spool)).AddFileSources().BuildServiceProvider();
        var source = await services.GetRequiredService<ISourceFactory>().OpenAsync(FileSources.Spec(_folder.At("d")), TestContext.Current.CancellationToken);

        var whole = await source.ReadAsync(SourceCursor.Start, TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);
        var rest = await source.ReadAsync(whole[0].Next, TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);

        Assert.Equal(["a", "b", "c"], whole.Select(static record => record.Item.Text));
        Assert.Equal(["b", "c"], rest.Select(static record => record.Item.Text));
        Assert.Equal(0, spool.Spooled);
    }
}
