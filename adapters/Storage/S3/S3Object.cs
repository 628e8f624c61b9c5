namespace Quiver.Adapters.Storage.S3;

/// <summary>One version of an object.</summary>
/// <param name="Bucket">Its bucket.</param>
/// <param name="Key">Its key.</param>
/// <param name="Size">Its size in bytes as stored, before unpacking.</param>
/// <param name="ETag">The tag of this version.</param>
internal sealed record S3Object(string Bucket, string Key, long Size, string ETag)
{
    /// <summary>The time of the last modification, UTC.</summary>
    public DateTimeOffset At { get; init; }

    public override string ToString() => $"{S3Address.Scheme}{Bucket}/{Key}";
}

/// <summary>A page of a listing.</summary>
/// <param name="Objects">In the byte order of their keys.</param>
/// <param name="HasMore">Whether more follow.</param>
internal sealed record S3Page(IReadOnlyList<S3Object> Objects, bool HasMore);
