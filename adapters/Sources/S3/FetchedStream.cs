using Quiver.Adapters.Storage.S3;

namespace Quiver.Adapters.Sources.S3;

/// <summary>The bytes of an object that were, or are being, fetched as a whole, from an offset on. Throws what fetching them ended with.</summary>
internal sealed class FetchedStream(Task<byte[]> fetching, int offset) : ForwardStream
{
    private int _position = offset;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var content = await fetching.WaitAsync(cancellationToken);
        var read = Math.Min(buffer.Length, content.Length - _position);
        content.AsSpan(_position, read).CopyTo(buffer.Span);
        _position += read;
        return read;
    }
}
