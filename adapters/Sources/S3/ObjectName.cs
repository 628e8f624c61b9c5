namespace Quiver.Adapters.Sources.S3;

/// <summary>What a key says about an object.</summary>
/// <param name="Content">The name that tells the format of the content: the key without a packing's ending.</param>
/// <param name="IsGzip">Whether the content is packed with gzip.</param>
internal readonly record struct ObjectName(string Content, bool IsGzip)
{
    private const string Gzip = ".gz";

    public static ObjectName Of(string key) =>
        key.EndsWith(Gzip, StringComparison.OrdinalIgnoreCase) ? new(key[..^Gzip.Length], true) : new(key, false);
}
