using System.Text;
using Quiver.Core.Formats;
using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Core.Formats;

public sealed class WholeFileReaderTests
{
    public static TheoryData<byte[], string> Faults => new()
    {
        { [], ErrorCodes.EmptyDocument },
        { [0xEF, 0xBB, 0xBF], ErrorCodes.EmptyDocument },
        { [.. " \r\n\t"u8], ErrorCodes.EmptyDocument },
        { [.. "text with a "u8, 0, .. " in it"u8], ErrorCodes.BinaryFile },
        { [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10], ErrorCodes.BinaryFile },
        { [.. "%PDF-1.7 and text"u8], ErrorCodes.BinaryFile },
        { Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes("hello")).ToArray(), ErrorCodes.InvalidUtf8 },
        { [.. "caf"u8, 0xE9], ErrorCodes.InvalidUtf8 },
        { [0xED, 0xA0, 0x80], ErrorCodes.InvalidUtf8 },
        { [.. "a truncated "u8, 0xE2, 0x82], ErrorCodes.InvalidUtf8 },
    };

    [Theory]
    [InlineData(DocumentFormat.Text)]
    [InlineData(DocumentFormat.Markdown)]
    [InlineData(DocumentFormat.Code)]
    public async Task Read_Utf8_IsOneDocument(DocumentFormat format)
    {
        var record = Assert.Single(await Records.ReadAsync(format, "\uFEFFline é\r\n😀\n"));

        Assert.Equal("line é\r\n😀\n", record.Text);
        Assert.True(record is { IsWholeFile: true, Fault: null, Index: 0, Line: 1, Bytes: 17 });
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Read_WhatIsNoText_IsOneFault(byte[] content, string code) =>
        Assert.Equal(code, Assert.Single(await Records.ReadAsync(DocumentFormat.Text, content)).Fault?.Code);

    [Fact]
    public async Task Read_InvalidUtf8_NamesLineAndByte()
    {
        var record = Assert.Single(await Records.ReadAsync(DocumentFormat.Text, [.. "\uFEFFé\nab"u8, 0xFF, (byte)'c']));

        Assert.Contains("not UTF-8 (byte 2 of line 2)", record.Fault!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_NulBehindTheHead_IsText() =>
        Assert.Null(Assert.Single(await Records.ReadAsync(DocumentFormat.Text, new string('x', RecordConstants.HeadBytes) + "\0")).Fault);

    [Theory]
    [InlineData(10, null)]
    [InlineData(11, ErrorCodes.DocumentTooLarge)]
    [InlineData(1_000_000, ErrorCodes.DocumentTooLarge)]
    public async Task Read_FileAtTheLimit_FailsAbove(int length, string? code)
    {
        var content = Encoding.UTF8.GetBytes(new string('x', length));
        var options = new RecordOptions { MaxDocumentBytes = 10 };

        var seekable = Assert.Single(await Records.ReadAsync(DocumentFormat.Text, content, options));
        var streamed = Assert.Single(await Records.ReadAsync(DocumentFormat.Text, content, options, RecordCursor.Start, new Random(1), 5_000));

        Assert.Equal((code, length), (seekable.Fault?.Code, seekable.Bytes));
        Assert.Equal(Records.Show(seekable), Records.Show(streamed));
    }
}
