namespace Quiver.Adapters.Storage.S3;

/// <summary>A request to S3 failed for good; never leaves the adapter.</summary>
internal sealed class S3Exception(S3Fault fault) : IOException(fault.Message, fault.Cause)
{
    public S3Fault Fault { get; } = fault;
}
