using System.Globalization;
using System.IO.Compression;
using Quiver.Adapters.Storage.S3;

namespace Quiver.Adapters.Sources.S3;

/// <summary>The content of a gzip stream, several members included, up to a limit: what is small packed may be endless unpacked.</summary>
/// <param name="packed">The packed bytes; disposed with this.</param>
/// <param name="limit">The most bytes of content.</param>
internal sealed class UnpackedStream(Stream packed, long limit) : ForwardStream
{
    private const int SkipBytes = 64 * 1024;
    private readonly GZipStream _content = new(packed, CompressionMode.Decompress);
    private long _position;

    /// <summary>Reads and forgets what lies before an offset: gzip has no way to begin in the middle.</summary>
    public async Task SkipToAsync(long offset, CancellationToken cancellationToken)
    {
        var buffer = new byte[SkipBytes];
        while (_position < offset)
        {
            if (await ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, offset - _position)), cancellationToken) == 0)
            {
                throw new InvalidDataException($"it ends at byte {_position}, before the place to go on at");
            }
        }
    }

    /// <exception cref="InvalidDataException">The bytes are not gzip, or are cut off.</exception>
    /// <exception cref="ContentTooLargeException">There is more than the limit.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await _content.ReadAsync(buffer, cancellationToken);
        _position += read;
        return _position <= limit
            ? read
            : throw new ContentTooLargeException(string.Create(CultureInfo.InvariantCulture, $"It holds more than {limit} bytes unpacked; at most that many are allowed."));
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
