using System.Text;
using Quiver.Core.Formats;
using Quiver.Core.Sources;
using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Core.Sources;

public sealed class FileReaderTests
{
    private readonly MemorySpool _spool = new();
    private readonly List<long> _opened = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Read_FormatThatNeedsSeeking_ResumesFromEveryRecord(bool seekable)
    {
        var content = TailFormat.Content("a", "b", "c");

        var whole = await ReadAsync("x.parquet", content, seekable, RecordCursor.Start);
        var rest = await ReadAsync("x.parquet", content, seekable, new(5, 1, 1));

        Assert.Equal(["a", "b", "c"], whole);
        Assert.Equal(["b", "c"], rest);
        Assert.All(_opened, static offset => Assert.Equal(0, offset));
        Assert.Equal((seekable ? 0 : 2, 0), (_spool.Spooled, _spool.Open));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Read_NameThatTellsNothing_GoesByTheContent(bool seekable)
    {
        Assert.Equal(["a"], await ReadAsync("data", TailFormat.Content("a"), seekable, RecordCursor.Start));
        Assert.Equal(["plain text"], await ReadAsync("data", Encoding.UTF8.GetBytes("plain text"), seekable, RecordCursor.Start));
        Assert.Equal(["b"], await ReadAsync("data", TailFormat.Content("a", "b"), seekable, new(5, 1, 1)));
    }

    [Fact]
    public async Task Read_NameThatIsKnown_IsOpenedOnceAtTheCursor()
    {
        await ReadAsync("notes.txt", Encoding.UTF8.GetBytes("plain text"), seekable: false, RecordCursor.Start);

        Assert.Equal([0], _opened);
    }

    [Fact]
    public async Task Read_FileAboveTheSpoolsLimit_IsOneFault()
    {
        var reader = Reader(TailFormat.Registry(new FullSpool()), "x.parquet", TailFormat.Content("a"), seekable: false);

        var record = Assert.Single(await reader.ReadAsync(RecordCursor.Start, 7, Token).ToListAsync(Token));

        Assert.Equal((ErrorCodes.DocumentTooLarge, "the-id: too large"), (record.Item.FaultCode, record.Item.FaultReason));
        Assert.Equal((7L, true), (record.Item.Ordinal, record.Item.HidesOthers));
        Assert.Equal(new SourceCursor(8, "done"), record.Next);
    }

    private async Task<string[]> ReadAsync(string name, byte[] content, bool seekable, RecordCursor from) =>
        [.. (await Reader(TailFormat.Registry(_spool), name, content, seekable).ReadAsync(from, 0, Token).ToListAsync(Token)).Select(static record => record.Item.Text)];

    private FileReader Reader(FormatRegistry formats, string name, byte[] content, bool seekable) => new(formats, DocumentFormat.Auto, name, new RecordOptions())
    {
        FileId = "the-id",
        Origin = "the-origin",
        OpenAt = (offset, _) =>
        {
            _opened.Add(offset);
            return ValueTask.FromResult<Stream>(seekable
                ? new MemoryStream(content) { Position = offset }
                : new TrickleStream(content[(int)offset..], new Random(1), 3));
        },
        CursorAt = static at => ValueTask.FromResult(at is { } position ? position.ToString() : "done"),
        Explain = static _ => null,
    };

    private sealed class FullSpool : IStreamSpool
    {
        public Task<Stream> SpoolAsync(Stream stream, CancellationToken cancellationToken = default) => throw new SpoolLimitException("too large");
    }
}
