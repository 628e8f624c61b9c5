using System.Text;
using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Core.Formats;

/// <summary>The reasons of faults say where the fault is and what to do, to readers who do not program .NET.</summary>
public sealed class FaultReasonTests
{
    public static TheoryData<DocumentFormat, byte[], string> Reasons => new()
    {
        {
            DocumentFormat.JsonLines, [.. """{"id":"t1","text":"trailing comma",}"""u8],
            "Line 1: the record is not valid JSON at column 36, field 'text': the JSON object contains a trailing comma at the end."
        },
        {
            DocumentFormat.JsonLines, [.. "{\"text\":\"good\"}\n{\"id\":\"é1\",\"text\":\"value is no number\",\"score\":NaN}"u8],
            "Line 2: the record is not valid JSON at column 48, field 'score': NaN and Infinity are not JSON, write null or a number."
        },
        {
            DocumentFormat.JsonLines, [.. "{\"score\":Infinity}"u8],
            "Line 1: the record is not valid JSON at column 10, field 'score': NaN and Infinity are not JSON, write null or a number."
        },
        {
            DocumentFormat.JsonLines, [.. "{\"text\":\"a\""u8],
            "Line 1: the record is not valid JSON at column 12, field 'text': an object or array is not closed."
        },
        {
            DocumentFormat.JsonLines, [.. """{"text":"\ud800"}"""u8],
            "Line 1: the record holds a lone surrogate, half of an escaped character, field 'text': remove it or write the other half."
        },
        {
            DocumentFormat.JsonLines, [.. "{\"text\":\"caf"u8, 0xE9, .. "\"}"u8],
            "Line 1: the record is not UTF-8 (byte 12 of line 1); it may be Windows-1252: convert it, for example with iconv -f WINDOWS-1252 -t UTF-8 FILE."
        },
        {
            DocumentFormat.Json, [.. "[{\"text\":\"a\"},\n{\"text\":tru}]"u8],
            "Line 2, from byte 15 of the file: the record is not valid JSON at byte 26 of the file, field 'text': 'tru}' is an invalid JSON literal. Expected the literal 'true'."
        },
        {
            DocumentFormat.Text, [.. "good text about sailing boats "u8, 0xE9, (byte)'\n'],
            "the file is not UTF-8 (byte 30 of line 1); it may be Windows-1252: convert it, for example with iconv -f WINDOWS-1252 -t UTF-8 FILE."
        },
        {
            DocumentFormat.Text, [.. "ab"u8, 0xCF, 0xF0, 0xE8, 0xE2, 0xE5, 0xF2],
            "the file is not UTF-8 (byte 2 of line 1); convert it from its encoding, for example with iconv -f ENCODING -t UTF-8 FILE."
        },
        {
            DocumentFormat.Text, [.. "a truncated "u8, 0xE2, 0x82],
            "the file is not UTF-8 (byte 12 of line 1); it ends within a character and may be cut off."
        },
        { DocumentFormat.JsonLines, [0x1F, 0x8B, 8, 0, 0], "the file is gzip: unpack it and ingest what it holds." },
        { DocumentFormat.Text, [.. "%PDF-1.7"u8], "the file is a PDF document: convert it to text." },
        { DocumentFormat.Text, [.. "a"u8, 0], "the file is binary, for its byte 1 is NUL: leave it out, for example with an exclude glob." },
    };

    [Theory]
    [MemberData(nameof(Reasons))]
    public async Task Fault_SaysWhereItIsAndWhatToDo(DocumentFormat format, byte[] content, string reason)
    {
        var records = await Records.ReadAsync(format, content);

        Assert.Contains(reason, records.Select(static record => record.Fault?.Reason));
    }

    [Theory]
    [InlineData(@"\ud83d\ude00", false)]
    [InlineData(@"a\\ud83d", false)]
    [InlineData(@"\n\u00e9", false)]
    [InlineData(@"\ud83d", true)]
    [InlineData(@"\ude00", true)]
    [InlineData(@"\ud83d\ud83d\ude00", true)]
    [InlineData(@"\ud83dx\ude00", true)]
    public void LoneSurrogates_AreHalvesOfEscapedPairs(string escaped, bool found) =>
        Assert.Equal(found, JsonFaults.HoldsLoneSurrogate(Encoding.UTF8.GetBytes(escaped)));
}
