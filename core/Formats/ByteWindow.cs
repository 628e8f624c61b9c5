using System.Buffers;

namespace Quiver.Core.Formats;

/// <summary>A sliding window over a stream: the bytes that were read and not yet consumed. Its buffer is pooled and grows only on demand.</summary>
internal sealed class ByteWindow : IDisposable
{
    private const int InitialBytes = 64 * 1024;
    private readonly Func<Memory<byte>, CancellationToken, ValueTask<int>> _read;
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(InitialBytes);
    private int _start;
    private int _end;

    public ByteWindow(Stream stream, long offset)
    {
        _read = stream.ReadAsync;
        Offset = offset;
    }

    /// <summary>The stream's offset of the first unread byte.</summary>
    public long Offset { get; private set; }

    /// <summary>Whether the stream has no more bytes than those in <see cref="Unread"/>.</summary>
    public bool IsAtEnd { get; private set; }

    /// <summary>The largest buffer so far, in bytes.</summary>
    public int LargestBuffer { get; private set; } = InitialBytes;

    public ReadOnlySpan<byte> Unread => _buffer.AsSpan(_start, _end - _start);

    public void Advance(int bytes)
    {
        _start += bytes;
        Offset += bytes;
    }

    /// <summary>Appends more bytes. False at the end of the stream.</summary>
    public async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (IsAtEnd)
        {
            return false;
        }

        MakeRoom();
        var read = await _read(_buffer.AsMemory(_end), cancellationToken);
        _end += read;
        IsAtEnd = read == 0;
        return read > 0;
    }

    /// <summary>Reads until the window holds <paramref name="bytes"/> or the stream ends.</summary>
    public async ValueTask FillToAsync(int bytes, CancellationToken cancellationToken)
    {
        while (Unread.Length < bytes && await FillAsync(cancellationToken))
        {
        }
    }

    public void Dispose()
    {
        var buffer = _buffer;
        _buffer = [];
        (_start, _end) = (0, 0);
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void MakeRoom()
    {
        if (_start == _end)
        {
            (_start, _end) = (0, 0);
        }

        if (_end < _buffer.Length)
        {
            return;
        }

        if (_start > 0)
        {
            // Moving at most half of the buffer for each fill keeps copying linear.
            if (_start >= _buffer.Length / 2)
            {
                Compact(_buffer);
                return;
            }
        }

        var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
        LargestBuffer = Math.Max(LargestBuffer, larger.Length);
        var old = _buffer;
        Compact(larger);
        _buffer = larger;
        ArrayPool<byte>.Shared.Return(old);
    }

    private void Compact(byte[] target)
    {
        Unread.CopyTo(target);
        _end -= _start;
        _start = 0;
    }
}
