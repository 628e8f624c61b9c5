using System.Runtime.CompilerServices;
using System.Text;
using Quiver.Core.Formats;
using Record = Quiver.Core.Formats.Record;

namespace Quiver.Tests.Support;

/// <summary>A format as Parquet and ZIP are: a signature, records, and their index at the end, which a reader reads first.</summary>
internal sealed class TailFormat : IRecordReader
{
    private static RecordFormat Format { get; } = new()
    {
        Format = DocumentFormat.Json,
        CreateReader = static _ => new TailFormat(),
        Endings = ["parquet"],
        Signatures = [[.. "TAIL"u8]],
        NeedsSeeking = true,
    };

    /// <summary>A registry of this format and text.</summary>
    public static FormatRegistry Registry(IStreamSpool spool) => new([Records.Formats[DocumentFormat.Text], Format], spool);

    /// <summary>A file of one-letter records.</summary>
    public static byte[] Content(params string[] records) => Encoding.UTF8.GetBytes($"TAIL{string.Concat(records)}{records.Length}");

    public async IAsyncEnumerable<Record> ReadAsync(Stream stream, RecordCursor from, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        Assert.True(stream is { CanSeek: true, Position: 0 });
        var buffer = new byte[1];
        stream.Seek(-1, SeekOrigin.End);
        await stream.ReadExactlyAsync(buffer, cancellationToken);
        var count = buffer[0] - '0';
        for (var i = from.Index; i < count; i++)
        {
            stream.Position = 4 + i;
            await stream.ReadExactlyAsync(buffer, cancellationToken);
            yield return new Record
            {
                Index = i,
                Line = 1,
                Offset = 4 + i,
                Bytes = 1,
                Next = new(5 + i, i + 1, 1),
                Text = ((char)buffer[0]).ToString(),
            };
        }
    }
}

/// <summary>A spool in memory that counts.</summary>
internal sealed class MemorySpool : IStreamSpool
{
    public int Spooled { get; private set; }

    /// <summary>Streams that were not disposed.</summary>
    public int Open { get; private set; }

    public async Task<Stream> SpoolAsync(Stream stream, CancellationToken cancellationToken = default)
    {
        var spooled = new CountedStream(this);
        await stream.CopyToAsync(spooled, cancellationToken);
        spooled.Position = 0;
        (Spooled, Open) = (Spooled + 1, Open + 1);
        return spooled;
    }

    private sealed class CountedStream(MemorySpool spool) : MemoryStream
    {
        protected override void Dispose(bool disposing)
        {
            spool.Open--;
            base.Dispose(disposing);
        }
    }
}
