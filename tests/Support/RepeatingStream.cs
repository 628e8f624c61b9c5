namespace Quiver.Tests.Support;

/// <summary>A stream of any length that repeats a block between a beginning and an end, without holding it.</summary>
internal sealed class RepeatingStream(byte[] head, byte[] block, long repetitions, byte[] tail) : Stream
{
    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => head.Length + (block.Length * repetitions) + tail.Length;

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var read = 0;
        while (read < buffer.Length && Rest(out var rest))
        {
            var length = Math.Min(rest.Length, buffer.Length - read);
            rest[..length].CopyTo(buffer[read..]);
            read += length;
            _position += length;
        }

        return read;
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.FromResult(Read(buffer.Span));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private bool Rest(out ReadOnlySpan<byte> rest)
    {
        var body = _position - head.Length;
        var behind = body - (block.Length * repetitions);
        if (body < 0)
        {
            rest = head.AsSpan((int)_position);
        }
        else if (behind < 0)
        {
            rest = block.AsSpan((int)(body % block.Length));
        }
        else
        {
            rest = tail.AsSpan((int)behind);
        }

        return !rest.IsEmpty;
    }
}
