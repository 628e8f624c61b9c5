using Microsoft.Extensions.Options;
using Quiver.Core.Formats;

namespace Quiver.Adapters.Storage.S3;

/// <summary>The S3 endpoint, its credentials, and how objects are read. Section <c>Quiver:S3</c>.</summary>
public sealed class S3Options
{
    /// <summary>The section of the settings.</summary>
    public const string Section = "Quiver:S3";

    /// <summary>The address of an S3-compatible server, http or https; null for AWS. Default: null.</summary>
    public Uri? Endpoint { get; set; }

    /// <summary>The region that requests are signed for. Default: us-east-1.</summary>
    public string Region { get; set; } = "us-east-1";

    /// <summary>Whether the bucket is part of the path instead of the host name; null for true with an endpoint, false with AWS. Default: null.</summary>
    public bool? PathStyle { get; set; }

    /// <summary>The access key, together with <see cref="SecretKey"/>; null for the SDK's credential chain (environment, profile, role). Default: null.</summary>
    public string? AccessKey { get; set; }

    /// <summary>The secret key. Never logged. Default: null.</summary>
    public string? SecretKey { get; set; }

    /// <summary>The token of temporary keys. Never logged. Default: null.</summary>
    public string? SessionToken { get; set; }

    /// <summary>Whether requests are sent unsigned, for public buckets. Default: false.</summary>
    public bool Anonymous { get; set; }

    /// <summary>The readable buckets, or <c>bucket/prefix/</c>; when empty, all are allowed. Default: empty.</summary>
    public IList<string> AllowedBuckets { get; } = [];

    /// <summary>What happens when an object changes while it is read. Default: <see cref="ObjectChangedAction.Restart"/>.</summary>
    public ObjectChangedAction OnObjectChanged { get; set; } = ObjectChangedAction.Restart;

    /// <summary>The time without a byte from the server after which a request fails, 100 ms to 10 min. Default: 30 s.</summary>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The maximum number of attempts without progress, 1 to 100; for artifacts only, a job has attempts of its own. Default: 10.</summary>
    public int MaxAttempts { get; set; } = 10;

    /// <summary>The base of the wait before another attempt or a new connection, 1 ms to 1 min. Default: 200 ms.</summary>
    public TimeSpan RetryBaseDelay { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The maximum wait before another attempt, 1 ms to 10 min. Default: 20 s.</summary>
    public TimeSpan RetryMaxDelay { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>The maximum size of an object in bytes, packed and unpacked, 1 to 5,497,558,138,880. Default: 107,374,182,400 (100 GiB).</summary>
    public long MaxObjectBytes { get; set; } = 100L * 1024 * 1024 * 1024;

    /// <summary>The maximum size of a document in bytes for sources that set none, 1 to 67,108,864. Default: 4,194,304 (4 MiB).</summary>
    public int MaxDocumentBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>The maximum number of bytes in one request, 65,536 to 5,368,709,120. Default: 67,108,864 (64 MiB).</summary>
    public long RangeBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>The number of small objects (up to 256 KiB) that are fetched ahead, 0 to 64. Default: 8.</summary>
    public int ReadAhead { get; set; } = 8;

    /// <summary>The number of keys in a page of a listing, 1 to 1,000. Default: 1,000.</summary>
    public int PageSize { get; set; } = 1_000;
}

/// <summary>What happens when an object is replaced or deleted while a job reads it.</summary>
public enum ObjectChangedAction
{
    /// <summary>
    /// The current version is read from its beginning: documents are repeated but none is lost, and the job ends with a warning. Fails like
    /// <see cref="Fail"/> when one object changes more than five times while it is read.
    /// </summary>
    Restart = 1,

    /// <summary>The job fails with <see cref="ErrorCodes.SourceChanged"/>.</summary>
    Fail = 2,
}

/// <summary>Reports every error in the options, and what to change. Never shows a key.</summary>
internal sealed class S3OptionsValidator : IValidateOptions<S3Options>
{
    private const long MaxObjectBytes = 5L * 1024 * 1024 * 1024 * 1024;
    private const long MaxRangeBytes = 5L * 1024 * 1024 * 1024;
    private const int MinRangeBytes = 65_536;
    private const int MaxAttempts = 100;
    private const int MaxReadAhead = 64;
    private const int MaxPageSize = 1_000;

    public ValidateOptionsResult Validate(string? name, S3Options options)
    {
        List<string> errors = [.. Identity(options)];
        Check("IdleTimeout", options.IdleTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(10));
        Check("MaxAttempts", options.MaxAttempts, 1, MaxAttempts);
        Check("RetryBaseDelay", options.RetryBaseDelay, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1));
        Check("RetryMaxDelay", options.RetryMaxDelay, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(10));
        Check("MaxObjectBytes", options.MaxObjectBytes, 1, MaxObjectBytes);
        Check("MaxDocumentBytes", options.MaxDocumentBytes, 1, RecordConstants.LargestMaxDocumentBytes);
        Check("RangeBytes", options.RangeBytes, MinRangeBytes, MaxRangeBytes);
        Check("ReadAhead", options.ReadAhead, 0, MaxReadAhead);
        Check("PageSize", options.PageSize, 1, MaxPageSize);
        if (!Enum.IsDefined(options.OnObjectChanged))
        {
            errors.Add($"{S3Options.Section}:OnObjectChanged is {options.OnObjectChanged}; set it to Restart or Fail.");
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);

        void Check<T>(string option, T value, T min, T max)
            where T : IComparable<T>
        {
            if (value.CompareTo(min) < 0 || value.CompareTo(max) > 0)
            {
                errors.Add($"{S3Options.Section}:{option} is {value}; set it from {min} to {max}.");
            }
        }
    }

    private static IEnumerable<string> Identity(S3Options options)
    {
        if (options.Endpoint is { } endpoint)
        {
            if (!endpoint.IsAbsoluteUri || endpoint.Scheme is not ("http" or "https"))
            {
                yield return $"{S3Options.Section}:Endpoint is not an http or https address; give one such as https://s3.example.org.";
            }
            else if (endpoint.UserInfo.Length > 0)
            {
                yield return $"{S3Options.Section}:Endpoint holds credentials; give them as {S3Options.Section}:AccessKey and SecretKey.";
            }
        }

        if (string.IsNullOrWhiteSpace(options.Region))
        {
            yield return $"{S3Options.Section}:Region is empty; set the region of the buckets, such as us-east-1.";
        }

        if (string.IsNullOrEmpty(options.AccessKey) != string.IsNullOrEmpty(options.SecretKey))
        {
            yield return $"{S3Options.Section}:AccessKey and SecretKey belong together; set both, or neither for the SDK's credential chain.";
        }

        if (options.Anonymous && !string.IsNullOrEmpty(options.AccessKey))
        {
            yield return $"{S3Options.Section}:Anonymous and AccessKey exclude each other; set one of them.";
        }

        foreach (var allowed in options.AllowedBuckets)
        {
            if (!S3Address.TryParse($"{S3Address.Scheme}{allowed}", out _, out _))
            {
                yield return $"{S3Options.Section}:AllowedBuckets holds '{allowed}'; give a bucket, or bucket/prefix/.";
            }
        }
    }
}
