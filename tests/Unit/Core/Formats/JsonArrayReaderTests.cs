using Quiver.Core.Formats;
using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Core.Formats;

public sealed class JsonArrayReaderTests
{
    [Theory]
    [InlineData("""[{"text":"a"},{"text":"b"}]""", "a b")]
    [InlineData("\uFEFF \n[ {\"text\":\"a\"}\n,\r\n{\"text\":\"[}\\\\\\\"{\"} ]\n ", "a [}\\\"{")]
    [InlineData("""{"text":"alone","o":{"p":[1]}}""", "alone")]
    [InlineData("[]", "")]
    [InlineData("[ \n ]\n", "")]
    [InlineData("", ErrorCodes.EmptyDocument)]
    [InlineData(" \n", ErrorCodes.EmptyDocument)]
    [InlineData("[1,\"x\",{\"text\":\"a\"},null,[2,[3]]]", "malformed_record malformed_record a malformed_record malformed_record")]
    [InlineData("""[{"text":"a"},{"text" "b"},{"text":"c"}]""", "a malformed_record c")]
    [InlineData("""[{"text":"a",},{"no":1},{"text":""},{"text":"c"}]""", "malformed_record missing_text empty_document c")]
    [InlineData("""[{"text":"a"} {"text":"b"}]""", "a malformed_record b")]
    [InlineData("""[{"text":"a"},,{"text":"b"},]""", "a malformed_record b malformed_record")]
    [InlineData("""[,{"text":"b"}]""", "malformed_record b")]
    [InlineData("""[{"text":"a"}, xyz ,{"text":"b"}]""", "a malformed_record b")]
    [InlineData("""[{"text":"a"} xyz ,{"text":"b"}]""", "a malformed_record b")]
    [InlineData("""[{"text":"a"},}:,{"text":"b"}]""", "a malformed_record malformed_record b")]
    [InlineData("[{\"text\":\"a\nb\"},{\"text\":\"c\"}]", "malformed_record c")]
    [InlineData("""[{"text":"a"},{"text":"b"}""", "a b malformed_record")]
    [InlineData("""[{"text":"a"},""", "a malformed_record")]
    [InlineData("""[{"text":"a"},{"text":"b""", "a malformed_record")]
    [InlineData("""[{"text":"a},{"text":"b"}]""", "malformed_record")]
    [InlineData("[", "malformed_record")]
    [InlineData("""[{"text":"a"}] x""", "a malformed_record")]
    [InlineData("{\"text\":\"a\"}\n{\"text\":\"b\"}", "a malformed_record")]
    [InlineData("\"text\"", "malformed_record")]
    [InlineData("nonsense", "malformed_record")]
    public async Task Read_AnyContent_GivesDocumentsAndFaultsInPlace(string content, string expected)
    {
        var records = await Records.ReadAsync(DocumentFormat.Json, content);

        Assert.Equal(expected, string.Join(' ', Records.Outcomes(records)));
        Assert.Equal(Enumerable.Range(0, records.Count).Select(i => (long)i), records.Select(record => record.Index));
    }

    [Fact]
    public async Task Read_TruncatedArray_SaysFromWhereOnNothingWasRead()
    {
        var records = await Records.ReadAsync(DocumentFormat.Json, "[\n{\"text\":\"a\"},\n{\"text\":");

        Assert.StartsWith("Line 3, from byte 16 of the file: ", records[1].Fault!.Reason, StringComparison.Ordinal);
        Assert.Contains("the rest of the file was not read", records[1].Fault!.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(20, null)]
    [InlineData(21, ErrorCodes.DocumentTooLarge)]
    [InlineData(300_000, ErrorCodes.DocumentTooLarge)]
    public async Task Read_ElementAtTheLimit_FailsAloneAbove(int length, string? code)
    {
        var content = $"[{{\"text\":\"{new string('x', length - 11)}\"}} , {{\"text\":\"b\"}}]";

        var records = await Records.ReadAsync(DocumentFormat.Json, content, new RecordOptions { MaxDocumentBytes = 20 });

        Assert.Equal(code, records[0].Fault?.Code);
        Assert.Equal(length, records[0].Bytes);
        Assert.Equal("b", records[1].Text);
    }
}
