using System.Globalization;
using System.IO.Compression;
using Quiver.Adapters.Storage.S3;

namespace Quiver.Adapters.Sources.S3;

/// <summary>The content of a gzip stream, all members included, up to a limit: a small packed file may be very large unpacked.</summary>
/// <param name="packed">The packed bytes; disposed with this.</param>
/// <param name="limit">The maximum number of bytes of content.</param>
internal sealed class UnpackedStream(Stream packed, long limit) : ForwardStream
{
    private const int SkipBytes = 64 * 1024;
    private readonly GZipStream _content = new(packed, CompressionMode.Decompress);
    private long _position;

    /// <summary>Reads and discards the bytes before an offset: gzip cannot start in the middle.</summary>
    public async Task SkipToAsync(long offset, CancellationToken cancellationToken)
    {
        var buffer = new byte[SkipBytes];
        while (_position < offset)
        {
            if (await ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, offset - _position)), cancellationToken) == 0)
            {
                throw new InvalidDataException($"it ends at byte {_position}, before the position at which reading resumes");
            }
        }
    }

    /// <exception cref="InvalidDataException">The bytes are not gzip, or are cut off.</exception>
    /// <exception cref="ContentTooLargeException">There are more bytes than the limit.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await _content.ReadAsync(buffer, cancellationToken);
        _position += read;
        return _position <= limit
            ? read
            : throw new ContentTooLargeException(
                string.Create(CultureInfo.InvariantCulture, $"It holds more than {limit} bytes unpacked; at most that many are allowed: raise --max-document-bytes (in JSON source.maxDocumentBytes), or split it."));
    }

    public override async ValueTask DisposeAsync()
    {
        await _content.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _content.Dispose();
        }

        base.Dispose(disposing);
    }
}

/// <summary>An object's unpacked content exceeds the limit; never leaves the adapter.</summary>
internal sealed class ContentTooLargeException(string message) : IOException(message);
