namespace Quiver.Adapters.Storage.S3;

/// <summary>One version of an object.</summary>
/// <param name="Bucket">Its bucket.</param>
/// <param name="Key">Its key.</param>
/// <param name="Size">Its length in bytes, packed as it lies there.</param>
/// <param name="ETag">What tells this version from others.</param>
internal sealed record S3Object(string Bucket, string Key, long Size, string ETag)
{
    /// <summary>When it was stored, UTC.</summary>
    public DateTimeOffset At { get; init; }

    public override string ToString() => $"{S3Address.Scheme}{Bucket}/{Key}";
}
