using Quiver.Core.Formats;
using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Core.Formats;

public sealed class FormatRegistryTests
{
    [Theory]
    [InlineData("a.jsonl", DocumentFormat.JsonLines)]
    [InlineData("a.NDJSON", DocumentFormat.JsonLines)]
    [InlineData("a.json", DocumentFormat.Json)]
    [InlineData("dir/README.md", DocumentFormat.Markdown)]
    [InlineData("a.markdown", DocumentFormat.Markdown)]
    [InlineData("A.CS", DocumentFormat.Code)]
    [InlineData("a.py", DocumentFormat.Code)]
    [InlineData("dir/Dockerfile", DocumentFormat.Code)]
    [InlineData("CMakeLists.txt", DocumentFormat.Code)]
    [InlineData("notes.txt", DocumentFormat.Text)]
    [InlineData("LICENSE", DocumentFormat.Text)]
    [InlineData(".gitignore", DocumentFormat.Text)]
    [InlineData("a.", DocumentFormat.Text)]
    public void Resolve_Auto_GoesByName(string name, DocumentFormat expected) => Assert.Equal(expected, Records.Formats.Resolve(DocumentFormat.Auto, name).Format);

    [Fact]
    public void Resolve_FormatAskedFor_IsKept() => Assert.Equal(DocumentFormat.Text, Records.Formats.Resolve(DocumentFormat.Text, "a.json").Format);

    [Theory]
    [InlineData("a.PNG", true)]
    [InlineData("x/model.onnx", true)]
    [InlineData("a.svg", false)]
    [InlineData("png", false)]
    public void IsKnownBinary_GoesByEnding(string name, bool expected) => Assert.Equal(expected, Records.Formats.IsKnownBinary(name));

    [Fact]
    public void Registry_EveryFormatOfJobs_IsRegistered() =>
        Assert.All(Enum.GetValues<DocumentFormat>().Except([DocumentFormat.Auto]), static format => Assert.Equal(format, Records.Formats[format].Format));

    [Fact]
    public void Registry_EndingOfTwoFormats_IsRefused() => Assert.Throws<ArgumentException>(() => new FormatRegistry(
        [Records.Formats[DocumentFormat.Text], Records.Formats[DocumentFormat.Code] with { Endings = ["txt"] }], new MemorySpool()));

    [Fact]
    public void Registry_WithoutText_IsRefused() => Assert.Throws<ArgumentException>(() => new FormatRegistry([], new MemorySpool()));

    [Fact]
    public void IsKnownBinary_EndingOfARegisteredFormat_IsNot() => Assert.False(TailFormat.Registry(new MemorySpool()).IsKnownBinary("a.parquet"));

    [Theory]
    [InlineData("notes", true)]
    [InlineData("notes.txt", false)]
    [InlineData("a.parquet", false)]
    public void NeedsContent_FileWithoutAKnownName_WhereAFormatHasASignature(string name, bool expected)
    {
        Assert.Equal(expected, TailFormat.Registry(new MemorySpool()).NeedsContent(DocumentFormat.Auto, name));
        Assert.False(TailFormat.Registry(new MemorySpool()).NeedsContent(DocumentFormat.Text, name));
        Assert.False(Records.Formats.NeedsContent(DocumentFormat.Auto, name));
    }

    [Fact]
    public void Identify_GoesBySignature()
    {
        Assert.Equal(DocumentFormat.Json, TailFormat.Registry(new MemorySpool()).Identify("TAIL and more"u8)?.Format);
        Assert.Null(TailFormat.Registry(new MemorySpool()).Identify("TAI"u8));
    }

    [Fact]
    public async Task Read_FormatThatNeedsSeeking_SpoolsForwardOnlyStreamsOnly()
    {
        var spool = new MemorySpool();
        var formats = TailFormat.Registry(spool);
        var content = TailFormat.Content("a", "b");

        var seekable = await formats.ReadAsync(formats[DocumentFormat.Json], new(), new MemoryStream(content), RecordCursor.Start, Token).ToListAsync(Token);
        Assert.Equal(0, spool.Spooled);
        var forward = await formats.ReadAsync(
            formats[DocumentFormat.Json], new(), new TrickleStream(content, new Random(1), 3), RecordCursor.Start, Token).ToListAsync(Token);

        Assert.Equal(["a", "b"], Records.Outcomes(seekable));
        Assert.Equal(["a", "b"], Records.Outcomes(forward));
        Assert.Equal((1, 0), (spool.Spooled, spool.Open));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;
}
