
using Quiver.Adapters.Storage.S3;

namespace Quiver.Adapters.Artifacts;

/// <summary>An object's bytes with failures that others understand.</summary>
internal sealed class ObjectContentStream(S3ObjectStream content) : ForwardStream
{
    /// <exception cref="QuiverException">The object cannot be read any further.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return await content.ReadAsync(buffer, cancellationToken);
        }
        catch (S3Exception e)
        {
            throw e.Fault.ToException();
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            content.Dispose();
        }

        base.Dispose(disposing);
    }
}
