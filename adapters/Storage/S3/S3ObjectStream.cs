using Amazon.S3.Model;

namespace Quiver.Adapters.Storage.S3;

/// <summary>
/// The bytes of one version of an object from an offset, read in ranges. After a broken connection or an idle timeout a new request
/// continues at the next byte, as often as the retries allow. Throws <see cref="S3Exception"/>. Not thread-safe.
/// </summary>
internal sealed class S3ObjectStream(S3Requests requests, S3Object found, long offset, S3Retry retry) : ForwardStream
{
    private long _position = offset;
    private long _end;
    private GetObjectResponse? _range;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_position < found.Size && !buffer.IsEmpty)
        {
            try
            {
                return await ReadOnceAsync(buffer, cancellationToken);
            }
            catch (S3Exception exception)
            {
                CloseRange();
                await requests.WaitOrThrowAsync(exception, retry, cancellationToken);
            }
        }

        return 0;
    }

    protected override void Dispose(bool disposing)
    {
        CloseRange();
        base.Dispose(disposing);
    }

    private async Task<int> ReadOnceAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (_range is null)
        {
            _end = Math.Min(found.Size, _position + requests.Options.RangeBytes);
            _range = await requests.OpenAsync(found, _position, _end, cancellationToken);
        }

        var room = buffer[..(int)Math.Min(buffer.Length, _end - _position)];
        var read = await requests.GuardAsync(
            async token =>
            {
                var count = await _range.ResponseStream.ReadAsync(room, token);
                return count > 0 ? count : throw new EndOfStreamException($"The answer ended at byte {_position} of {_end}.");
            },
            found.ToString(),
            cancellationToken);
        _position += read;
        retry.Progressed();
        if (_position == _end)
        {
            CloseRange();
        }

        return read;
    }

    private void CloseRange()
    {
        _range?.Dispose();
        _range = null;
    }
}
