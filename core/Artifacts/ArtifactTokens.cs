using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Quiver.Core.Artifacts;

/// <summary>
/// Creates and reads tokens that grant access to one artifact until they expire: expiry, name and an HMAC-SHA256 of both. Thread-safe.
/// </summary>
/// <param name="loadKey">Returns the secret, at least 32 bytes; called once, when the first token is created or read.</param>
/// <param name="time">The clock.</param>
public sealed class ArtifactTokens(Func<byte[]> loadKey, TimeProvider time)
{
    private const int TimeBytes = sizeof(long);
    private const int HeadBytes = TimeBytes + HMACSHA256.HashSizeInBytes;
    private const int MaxCharacters = 1_024;
    private readonly Lazy<byte[]> _key = new(loadKey);

    /// <summary>The route under which the server accepts tokens.</summary>
    public static string Route => "/artifacts/";

    /// <summary>Creates a URL-safe token.</summary>
    /// <param name="name">The artifact.</param>
    /// <param name="expires">When it expires.</param>
    public string Create(ArtifactName name, DateTimeOffset expires)
    {
        var text = Encoding.UTF8.GetBytes(name.Value);
        var token = new byte[HeadBytes + text.Length];
        BinaryPrimitives.WriteInt64BigEndian(token, expires.ToUnixTimeSeconds());
        text.CopyTo(token, HeadBytes);
        Sign(token, token.AsSpan(TimeBytes, HMACSHA256.HashSizeInBytes));
        return Base64Url.EncodeToString(token);
    }

    /// <summary>Returns the artifact of a token; null when it has expired or was not created with this key.</summary>
    public ArtifactName? Read(string token)
    {
        if (token is not { Length: > 0 and <= MaxCharacters } || !Base64Url.IsValid(token))
        {
            return null;
        }

        var bytes = Base64Url.DecodeFromChars(token);
        if (bytes.Length <= HeadBytes)
        {
            return null;
        }

        Span<byte> expected = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Sign(bytes, expected);
        var known = CryptographicOperations.FixedTimeEquals(expected, bytes.AsSpan(TimeBytes, HMACSHA256.HashSizeInBytes));
        var valid = known && BinaryPrimitives.ReadInt64BigEndian(bytes) > time.GetUtcNow().ToUnixTimeSeconds();
        return valid && ArtifactName.TryParse(Encoding.UTF8.GetString(bytes.AsSpan(HeadBytes)), out var name) ? name : null;
    }

    private void Sign(ReadOnlySpan<byte> token, Span<byte> signature)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key.Value);
        hash.AppendData(token[..TimeBytes]);
        hash.AppendData(token[HeadBytes..]);
        hash.GetHashAndReset(signature);
    }
}
