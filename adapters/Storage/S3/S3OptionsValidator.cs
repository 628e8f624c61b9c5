using Microsoft.Extensions.Options;

namespace Quiver.Adapters.Storage.S3;

/// <summary>Says everything that is wrong with the options, and what to change. Never shows a key.</summary>
internal sealed class S3OptionsValidator : IValidateOptions<S3Options>
{
    private const long LargestObject = 5L * 1024 * 1024 * 1024 * 1024;
    private const long LargestRange = 5L * 1024 * 1024 * 1024;
    private const int SmallestRange = 65_536;
    private const int MostAttempts = 100;
    private const int MostAhead = 64;
    private const int LargestPage = 1_000;

    public ValidateOptionsResult Validate(string? name, S3Options options)
    {
        List<string> errors = [.. Identity(options)];
        Check("IdleTimeout", options.IdleTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(10));
        Check("MaxAttempts", options.MaxAttempts, 1, MostAttempts);
        Check("RetryBaseDelay", options.RetryBaseDelay, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1));
        Check("RetryMaxDelay", options.RetryMaxDelay, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(10));
        Check("MaxObjectBytes", options.MaxObjectBytes, 1, LargestObject);
        Check("MaxDocumentBytes", options.MaxDocumentBytes, 1, S3Options.LargestMaxDocumentBytes);
        Check("RangeBytes", options.RangeBytes, SmallestRange, LargestRange);
        Check("ReadAhead", options.ReadAhead, 0, MostAhead);
        Check("PageSize", options.PageSize, 1, LargestPage);
        if (!Enum.IsDefined(options.OnObjectChanged))
        {
            errors.Add($"{S3Options.Section}:OnObjectChanged is {options.OnObjectChanged}; set it to Restart or Fail.");
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);

        void Check<T>(string option, T value, T least, T most)
            where T : IComparable<T>
        {
            if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
            {
                errors.Add($"{S3Options.Section}:{option} is {value}; set it from {least} to {most}.");
            }
        }
    }

    private static IEnumerable<string> Identity(S3Options options)
    {
        if (options.Endpoint is { } endpoint)
        {
            if (!endpoint.IsAbsoluteUri || endpoint.Scheme is not ("http" or "https"))
            {
                yield return $"{S3Options.Section}:Endpoint is no http or https address; give one such as https://s3.example.org.";
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
            yield return $"{S3Options.Section}:AccessKey and SecretKey belong together; set both, or neither for the SDK's chain of credentials.";
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
