using System.Text;
using System.Text.RegularExpressions;

namespace Quiver.Adapters.Storage.S3;

/// <summary>An object, or everything below a prefix: <c>s3://bucket/key</c> or <c>s3://bucket/prefix/</c>. The key is used as written, without decoding.</summary>
/// <param name="Bucket">The bucket.</param>
/// <param name="Key">The object's key, or the prefix; empty for a whole bucket.</param>
internal sealed partial record S3Address(string Bucket, string Key)
{
    public const string Scheme = "s3://";
    private const int MaxKeyBytes = 1_024;

    /// <summary>Whether it stands for every key with this prefix.</summary>
    public bool IsPrefix => Key.Length == 0 || Key.EndsWith('/');

    /// <summary>Bucket and key without the scheme.</summary>
    public string Path => $"{Bucket}/{Key}";

    /// <exception cref="InvalidRequestException">With <see cref="ErrorCodes.InvalidOption"/>.</exception>
    public static S3Address Parse(string text) =>
        TryParse(text, out var address, out var error) ? address! : throw new InvalidRequestException(ErrorCodes.InvalidOption, error);

    /// <summary>Parses an address; the error does not repeat what may be a secret.</summary>
    public static bool TryParse(string text, out S3Address? address, out string error)
    {
        (address, error) = (null, "");
        if (!text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            error = $"'{text}' is not an S3 address; write s3://bucket/key or s3://bucket/prefix/, and give files and folders in a job of their own.";
            return false;
        }

        var rest = text[Scheme.Length..];
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        var (bucket, key) = slash < 0 ? (rest, "") : (rest[..slash], rest[(slash + 1)..]);
        if (bucket.AsSpan().ContainsAny('@', ':'))
        {
            error = "An S3 address begins with the bucket's name and contains no credentials; set them as Quiver:S3:AccessKey and SecretKey.";
        }
        else if (!BucketName().IsMatch(bucket))
        {
            error = $"'{bucket}' is not a bucket name; write s3://bucket/key or s3://bucket/prefix/.";
        }
        else if (Encoding.UTF8.GetByteCount(key) > MaxKeyBytes)
        {
            error = $"The key in '{Scheme}{bucket}/…' has more than {MaxKeyBytes} bytes, which S3 does not allow: correct it.";
        }
        else
        {
            address = new(bucket, key);
        }

        return address is not null;
    }

    /// <summary>Whether an address is at or below this one.</summary>
    public bool Covers(S3Address other) => Bucket == other.Bucket && Covers(other.Key);

    /// <summary>Whether a key of the same bucket is at or below this address.</summary>
    public bool Covers(string key) => IsPrefix ? key.StartsWith(Key, StringComparison.Ordinal) : Key == key;

    public override string ToString() => $"{Scheme}{Bucket}/{Key}";

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{1,254}$")]
    private static partial Regex BucketName();
}
