using Quiver.Core.Formats;
using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Core.Formats;

public sealed class JsonLinesReaderTests
{
    [Fact]
    public async Task Read_LinesOfAllKinds_GivesThoseThatAreNotBlank()
    {
        var records = await Records.ReadAsync(DocumentFormat.JsonLines, "\uFEFF{\"text\":\"a\"}\r\n\r\n  \n{\"text\":\"b\\u00e9\"}\n{\"text\":\"c\"}");

        Assert.Equal(["a", "bé", "c"], Records.Outcomes(records));
        Assert.Equal([(0L, 1L, 3L), (1, 4, 22), (2, 5, 41)], records.Select(record => (record.Index, record.Line, record.Offset)));
        Assert.Equal(new RecordCursor(53, 3, 5), records[^1].Next);
    }

    [Theory]
    [InlineData("""{"text":"a" """, ErrorCodes.MalformedRecord)]
    [InlineData("""{"text":"a"} x""", ErrorCodes.MalformedRecord)]
    [InlineData("""{"text":"a",}""", ErrorCodes.MalformedRecord)]
    [InlineData("""{"text":"\ud800"}""", ErrorCodes.MalformedRecord)]
    [InlineData("[1]", ErrorCodes.MalformedRecord)]
    [InlineData("null", ErrorCodes.MalformedRecord)]
    [InlineData("nonsense", ErrorCodes.MalformedRecord)]
    [InlineData("{}", ErrorCodes.MissingText)]
    [InlineData("""{"text":3}""", ErrorCodes.MissingText)]
    [InlineData("""{"text":{"text":"a"}}""", ErrorCodes.MissingText)]
    [InlineData("""{"text":""}""", ErrorCodes.EmptyDocument)]
    [InlineData("""{"text":" \n\u3000"}""", ErrorCodes.EmptyDocument)]
    public async Task Read_BadLine_FailsAlone(string line, string code)
    {
        var records = await Records.ReadAsync(DocumentFormat.JsonLines, $"{{\"text\":\"before\"}}\n{line}\n{{\"text\":\"behind\"}}\n");

        Assert.Equal(["before", code, "behind"], Records.Outcomes(records));
        Assert.StartsWith("Line 2: ", records[1].Fault!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_RecordWithoutText_SaysHowToNameTheField()
    {
        var record = Assert.Single(await Records.ReadAsync(DocumentFormat.JsonLines, """{"body":"a"}"""));

        Assert.EndsWith("the field 'text' is missing or not a string; name the field that holds it with --text-field (in JSON source.textField)", record.Fault!.Reason.TrimEnd('.'), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_InvalidUtf8_FailsAlone()
    {
        byte[] content = [.. "{\"text\":\"a\"}\n{\"text\":\""u8, 0xC3, 0x28, .. "\"}\n{\"text\":\"b\"}\n"u8];

        Assert.Equal(["a", ErrorCodes.InvalidUtf8, "b"], Records.Outcomes(await Records.ReadAsync(DocumentFormat.JsonLines, content)));
    }

    [Theory]
    [InlineData(20, "\n", true)]
    [InlineData(20, "\r\n", true)]
    [InlineData(21, "\n", false)]
    [InlineData(21, "\r\n", false)]
    [InlineData(500_000, "\n", false)]
    public async Task Read_LineAtTheLimit_CountsItsOwnBytes(int length, string lineBreak, bool fits)
    {
        var line = $"{{\"text\":\"{new string('x', length - 11)}\"}}";

        var records = await Records.ReadAsync(
            DocumentFormat.JsonLines, $"{line}{lineBreak}{{\"text\":\"b\"}}", new RecordOptions { MaxDocumentBytes = 20 });

        Assert.Equal(fits ? null : ErrorCodes.DocumentTooLarge, records[0].Fault?.Code);
        Assert.Equal(length + lineBreak.Length, records[0].Bytes);
        Assert.Equal("b", records[1].Text);
        if (!fits)
        {
            Assert.Contains($"has {length} bytes; at most 20", records[0].Fault!.Reason, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("""{"id":"x","text":"t"}""", "x", null)]
    [InlineData("""{"id":12,"text":"t"}""", "12", null)]
    [InlineData("""{"id":1.50,"text":"t"}""", "1.50", null)]
    [InlineData("""{"text":"t"}""", null, ErrorCodes.MissingId)]
    [InlineData("""{"id":"","text":"t"}""", null, ErrorCodes.MissingId)]
    [InlineData("""{"id":null,"text":"t"}""", null, ErrorCodes.MissingId)]
    [InlineData("""{"id":true,"text":"t"}""", null, ErrorCodes.MissingId)]
    [InlineData("""{"id":["x"],"text":"t"}""", null, ErrorCodes.MissingId)]
    [InlineData("""{"id":"x"}""", "x", ErrorCodes.MissingText)]
    public async Task Read_IdField_GivesTheId(string line, string? id, string? code)
    {
        var record = Assert.Single(await Records.ReadAsync(DocumentFormat.JsonLines, line, new RecordOptions { IdField = "id" }));

        Assert.Equal(id, record.ExplicitId);
        Assert.Equal(code, record.Fault?.Code);
    }

    [Theory]
    [InlineData(1_024, null)]
    [InlineData(1_025, ErrorCodes.MalformedRecord)]
    public async Task Read_LongId_IsAFaultAboveTheLimit(int length, string? code)
    {
        var line = $"{{\"id\":\"{new string('i', length)}\",\"text\":\"t\"}}";

        var record = Assert.Single(await Records.ReadAsync(DocumentFormat.JsonLines, line, new RecordOptions { IdField = "id" }));

        Assert.Equal(code, record.Fault?.Code);
        Assert.Equal(code is null, record.ExplicitId is not null);
    }

    [Fact]
    public async Task Read_OtherFields_BecomeMetadata()
    {
        const string Line = """{"s":"a\"b","n":1.50,"t":true,"f":false,"z":null,"o":{ "k" : [ 1, "x \" y" ] },"text":"T","chunk":"c","line":9,"path":"p","s":"last"}""";

        var record = Assert.Single(await Records.ReadAsync(DocumentFormat.JsonLines, Line));

        Assert.Equal(
            ["s=a\"b", "n=1.50", "t=true", "f=false", "o={\"k\":[1,\"x \\\" y\"]}", "source_chunk=c", "source_line=9", "source_path=p", "s=last"],
            record.Fields.Select(field => $"{field.Key}={field.Value}"));
    }

    [Fact]
    public async Task Read_DottedFields_AreFoundInsideObjects()
    {
        const string Line = """{"meta":{"id":7,"lang":"en"},"body":{"content":{"text":"T"},"n":1}}""";

        var record = Assert.Single(await Records.ReadAsync(DocumentFormat.JsonLines, Line, new RecordOptions { TextField = "body.content.text", IdField = "meta.id" }));

        Assert.Equal(("7", "T"), (record.ExplicitId, record.Text));
        Assert.Equal(["meta.lang=en", "body.n=1"], record.Fields.Select(field => $"{field.Key}={field.Value}"));
    }

    [Fact]
    public async Task Read_ManyAndLongFields_AreCapped()
    {
        var many = string.Join(',', Enumerable.Range(0, 100).Select(i => $"\"f{i}\":\"{new string('v', 4_095)}😀😀\""));

        var record = Assert.Single(await Records.ReadAsync(DocumentFormat.JsonLines, $"{{{many},\"text\":\"T\"}}"));

        Assert.Equal("T", record.Text);
        Assert.Equal(RecordConstants.MaxFields, record.Fields.Length);
        Assert.All(record.Fields, field => Assert.Equal(new string('v', 4_095), field.Value));
    }

    [Theory]
    [InlineData("", ErrorCodes.EmptyDocument)]
    [InlineData("\uFEFF", ErrorCodes.EmptyDocument)]
    [InlineData("\n \r\n\n", ErrorCodes.EmptyDocument)]
    [InlineData("{\"text\":\"a\0\"}", ErrorCodes.BinaryFile)]
    public async Task Read_FileWithoutRecords_IsOneFault(string content, string code)
    {
        var record = Assert.Single(await Records.ReadAsync(DocumentFormat.JsonLines, content));

        Assert.Equal(code, record.Fault?.Code);
        Assert.True(record.IsWholeFile);
    }
}
