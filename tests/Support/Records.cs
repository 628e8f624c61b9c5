using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Quiver.Adapters.Formats;
using Quiver.Core.Formats;
using Record = Quiver.Core.Formats.Record;

namespace Quiver.Tests.Support;

/// <summary>Reads records out of bytes held by a test.</summary>
internal static class Records
{
    /// <summary>The formats as a silo registers them.</summary>
    public static FormatRegistry Formats { get; } = new ServiceCollection().AddFormats().BuildServiceProvider().GetRequiredService<FormatRegistry>();

    public static Task<List<Record>> ReadAsync(DocumentFormat format, string content, RecordOptions? options = null) =>
        ReadAsync(format, Encoding.UTF8.GetBytes(content), options);

    public static async Task<List<Record>> ReadAsync(DocumentFormat format, byte[] content, RecordOptions? options = null) =>
        await ReadAsync(format, new MemoryStream(content), options ?? new RecordOptions(), RecordCursor.Start);

    /// <summary>Reads from a cursor, out of a forward-only stream that returns a few bytes a read.</summary>
    public static Task<List<Record>> ReadAsync(DocumentFormat format, byte[] content, RecordOptions options, RecordCursor from, Random random, int most) =>
        ReadAsync(format, new TrickleStream(content[(int)from.Offset..], random, most), options, from);

    /// <summary>What a test compares of a record, in one line.</summary>
    public static string Show(Record record) =>
        $"{record.Index}|{record.Line}|{record.Offset}+{record.Bytes}|{record.Next}|{record.ExplicitId}|{record.Text}|"
        + $"{string.Join(',', record.Fields.Select(field => $"{field.Key}={field.Value}"))}|{record.Fault?.Code}|{record.Fault?.Reason}";

    /// <summary>The codes of faults, or the texts of documents.</summary>
    public static string[] Outcomes(IEnumerable<Record> records) => [.. records.Select(record => record.Fault?.Code ?? record.Text)];

    private static async Task<List<Record>> ReadAsync(DocumentFormat format, Stream content, RecordOptions options, RecordCursor from) =>
        await Formats.ReadAsync(Formats[format], options, content, from, TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);
}
