using System.Buffers;

namespace Quiver.Adapters.Embeddings.OpenAI;

/// <summary>Reads the body of an answer into a pooled buffer, and no more of it than an honest answer has.</summary>
internal static class BodyReader
{
    private const int FirstBuffer = 64 * 1024;

    /// <summary>Reads everything.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="limit">The most bytes.</param>
    /// <param name="provider">Whose answer it is.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <returns>A buffer of the shared pool, for the caller to return, and how much of it is filled.</returns>
    /// <exception cref="TransientException">With <see cref="ErrorCodes.InvalidEmbedding"/>: there is more than the limit.</exception>
    public static async Task<(byte[] Buffer, int Length)> ReadAsync(HttpResponseMessage response, long limit, string provider, CancellationToken cancellationToken)
    {
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var expected = response.Content.Headers.ContentLength ?? FirstBuffer;
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Clamp(expected + 1, 1024, Math.Min(limit, Array.MaxLength)));
        var length = 0;
        try
        {
            while (true)
            {
                var read = await body.ReadAsync(buffer.AsMemory(length), cancellationToken);
                if (read == 0)
                {
                    return (buffer, length);
                }

                length += read;
                if (length > limit)
                {
                    throw new TransientException(ErrorCodes.InvalidEmbedding, $"The provider {provider} gave an answer of more than {limit} bytes.");
                }

                if (length == buffer.Length)
                {
                    buffer = Grow(buffer);
                }
            }
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(buffer);
            throw;
        }
    }

    private static byte[] Grow(byte[] full)
    {
        var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(Array.MaxLength, 2L * full.Length));
        full.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(full);
        return larger;
    }
}
