
using Quiver.Core.Formats;

namespace Quiver.Adapters.Storage.S3;

/// <summary>Where S3 is, who we are there, and how it is read. Section <c>Quiver:S3</c>.</summary>
public sealed class S3Options
{
    /// <summary>Where the settings are.</summary>
    public const string Section = "Quiver:S3";

    /// <summary>The address of a server that speaks S3, http or https; null for AWS. Default: null.</summary>
    public Uri? Endpoint { get; set; }

    /// <summary>The region that requests are signed for. Default: us-east-1.</summary>
    public string Region { get; set; } = "us-east-1";

    /// <summary>Whether the bucket is part of the path instead of the host name; null for yes with an endpoint, no with AWS. Default: null.</summary>
    public bool? PathStyle { get; set; }

    /// <summary>The access key, together with <see cref="SecretKey"/>; null for the SDK's chain (environment, profile, role). Default: null.</summary>
    public string? AccessKey { get; set; }

    /// <summary>The secret key. Never logged. Default: null.</summary>
    public string? SecretKey { get; set; }

    /// <summary>The token of temporary keys. Never logged. Default: null.</summary>
    public string? SessionToken { get; set; }

    /// <summary>Whether requests are not signed, for public buckets. Default: false.</summary>
    public bool Anonymous { get; set; }

    /// <summary>Buckets, or <c>bucket/prefix/</c>, outside of which nothing is read; when empty, everything is allowed. Default: empty.</summary>
    public IList<string> AllowedBuckets { get; } = [];

    /// <summary>What to do about an object that changed in the middle. Default: <see cref="ObjectChangedAction.Restart"/>.</summary>
    public ObjectChangedAction OnObjectChanged { get; set; } = ObjectChangedAction.Restart;

    /// <summary>A server that is silent for this long counts as frozen, 100 ms to 10 min. Default: 30 s.</summary>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Attempts at an artifact without a byte of progress, 1 to 100; reading for a job has those of the job. Default: 10.</summary>
    public int MaxAttempts { get; set; } = 10;

    /// <summary>The first wait before another attempt, or before a broken connection is replaced, 1 ms to 1 min. Default: 200 ms.</summary>
    public TimeSpan RetryBaseDelay { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest wait before another attempt, 1 ms to 10 min. Default: 20 s.</summary>
    public TimeSpan RetryMaxDelay { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>The largest object in bytes, packed and unpacked, 1 to 5,497,558,138,880. A larger one fails alone. Default: 107,374,182,400 (100 GiB).</summary>
    public long MaxObjectBytes { get; set; } = 100L * 1024 * 1024 * 1024;

    /// <summary>The largest document in bytes where a source does not say, 1 to 67,108,864. Default: 4,194,304 (4 MiB).</summary>
    public int MaxDocumentBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>The most bytes asked for in one request, 65,536 to 5,368,709,120. Default: 67,108,864 (64 MiB).</summary>
    public long RangeBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>Small objects (up to 256 KiB) that are fetched while those before them are worked on, 0 to 64. Default: 8.</summary>
    public int ReadAhead { get; set; } = 8;

    /// <summary>Keys in a page of a listing, 1 to 1,000. Default: 1,000.</summary>
    public int PageSize { get; set; } = 1_000;

    /// <summary>The largest document that the options allow.</summary>
    internal const int LargestMaxDocumentBytes = RecordConstants.LargestMaxDocumentBytes;
}
