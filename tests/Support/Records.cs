using System.Text;
using Quiver.Core.Formats;

namespace Quiver.Tests.Support;

/// <summary>Reads records out of bytes held by a test.</summary>
internal static class Records
{
    public static Task<List<FormatRecord>> ReadAsync(DocumentFormat format, string content, RecordOptions? options = null) =>
        ReadAsync(format, Encoding.UTF8.GetBytes(content), options);

    public static async Task<List<FormatRecord>> ReadAsync(DocumentFormat format, byte[] content, RecordOptions? options = null) =>
        await RecordReaders.Create(format, options ?? new RecordOptions())
            .ReadAsync(new MemoryStream(content), RecordPosition.Start, TestContext.Current.CancellationToken)
            .ToListAsync(TestContext.Current.CancellationToken);

    /// <summary>Reads on from a position, out of a stream that cannot go back and gives a few bytes a read.</summary>
    public static async Task<List<FormatRecord>> ReadAsync(DocumentFormat format, byte[] content, RecordOptions options, RecordPosition from, Random random, int most) =>
        await RecordReaders.Create(format, options)
            .ReadAsync(new TrickleStream(content[(int)from.Offset..], random, most), from, TestContext.Current.CancellationToken)
            .ToListAsync(TestContext.Current.CancellationToken);

    /// <summary>What a test compares of a record, in one line.</summary>
    public static string Show(FormatRecord record) =>
        $"{record.Index}|{record.Line}|{record.Offset}+{record.Bytes}|{record.Next}|{record.ExplicitId}|{record.Text}|"
        + $"{string.Join(',', record.Fields.Select(field => $"{field.Key}={field.Value}"))}|{record.Fault?.Code}|{record.Fault?.Reason}";

    /// <summary>The codes of faults, or the texts of documents.</summary>
    public static string[] Outcomes(IEnumerable<FormatRecord> records) => [.. records.Select(record => record.Fault?.Code ?? record.Text)];
}
