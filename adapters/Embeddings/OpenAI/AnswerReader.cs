using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Quiver.Adapters.Embeddings.OpenAI;

/// <summary>
/// Reads the body of an answer into vectors, in either encoding. Checks that every text has exactly one vector of the model's dimensions. The
/// position of a vector is its <c>index</c>. Some services leave it out: for all vectors, which then have the order of the texts, or for the
/// first one, because their JSON has no zeros.
/// </summary>
internal sealed class AnswerReader(string provider, int texts, int dimensions)
{
    private readonly List<(int? Index, float[] Vector)> _items = new(texts);

    // Thrown at the end: the usage comes after the vectors.
    private QuiverException? _fault;

    /// <summary>The tokens that the service counted, as far as read; also known for an answer with unusable vectors. Null when it counts none.</summary>
    public long? Tokens { get; private set; }

    /// <summary>Whether the body is an error instead of vectors, as far as read.</summary>
    public bool IsError { get; private set; }

    /// <summary>Reads the whole body.</summary>
    /// <exception cref="TransientException">With <see cref="ErrorCodes.InvalidEmbedding"/>: it does not match the request.</exception>
    /// <exception cref="PermanentException">With <see cref="ErrorCodes.DimensionMismatch"/>.</exception>
    public EmbeddingAnswer Read(ReadOnlySpan<byte> body)
    {
        try
        {
            ReadMembers(body);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            throw Unusable("an answer that is not JSON with embeddings", exception);
        }

        return _fault is null ? new EmbeddingAnswer(InOrder(), Tokens) : throw _fault;
    }

    private void ReadMembers(ReadOnlySpan<byte> body)
    {
        var hasData = false;
        var reader = new Utf8JsonReader(body);
        Expect(ref reader, JsonTokenType.StartObject);
        while (Next(ref reader) == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("data"u8))
            {
                hasData = true;
                IsError = false;
                ReadData(ref reader);
            }
            else if (reader.ValueTextEquals("usage"u8))
            {
                ReadUsage(ref reader);
            }
            else
            {
                IsError |= !hasData && reader.ValueTextEquals("error"u8);
                reader.Skip();
            }
        }
    }

    private void ReadData(ref Utf8JsonReader reader)
    {
        Expect(ref reader, JsonTokenType.StartArray);
        while (Next(ref reader) == JsonTokenType.StartObject)
        {
            ReadItem(ref reader);
        }
    }

    private void ReadItem(ref Utf8JsonReader reader)
    {
        int? index = null;
        float[]? vector = null;
        var hasVector = false;
        while (Next(ref reader) == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("index"u8))
            {
                index = Next(ref reader) == JsonTokenType.Null ? null : reader.GetInt32();
            }
            else if (reader.ValueTextEquals("embedding"u8))
            {
                hasVector = true;
                vector = VectorReader.Read(ref reader, dimensions, out var length);
                if (vector is null)
                {
                    _fault ??= new PermanentException(
                        ErrorCodes.DimensionMismatch,
                        $"The provider {provider} returned a vector of {length} dimensions and "
                        + $"Quiver:Providers:{provider}:Dimensions is {dimensions}: set it to the model's.");
                }
            }
            else
            {
                reader.Skip();
            }
        }

        if (!hasVector)
        {
            _fault ??= Unusable("an item without a vector");
        }

        if (vector is null)
        {
            return;
        }

        if (_items.Count == texts)
        {
            _fault ??= Unusable($"more vectors than the {texts} texts");
            return;
        }

        _items.Add((index, vector));
    }

    /// <summary>The vectors in the order of the texts, where the position of each is certain.</summary>
    private float[][] InOrder()
    {
        if (_items.Count != texts)
        {
            throw Unusable($"vectors for {_items.Count} of {texts} texts");
        }

        var unnumbered = _items.Count(static item => item.Index is null);
        if (unnumbered == texts)
        {
            return [.. _items.Select(static item => item.Vector)];
        }

        // One vector without a number has the one that the others leave: it must be 0, the number that some services do not write.
        var vectors = new float[texts][];
        foreach (var (index, vector) in _items)
        {
            var at = index ?? 0;
            if (unnumbered > 1 || at < 0 || at >= texts || vectors[at] is not null)
            {
                throw Unusable("a vector that belongs to no text, or a second one for the same text");
            }

            vectors[at] = vector;
        }

        return vectors;
    }

    private void ReadUsage(ref Utf8JsonReader reader)
    {
        if (Next(ref reader) != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        while (Next(ref reader) == JsonTokenType.PropertyName)
        {
            var isTotal = reader.ValueTextEquals("total_tokens"u8);
            if (!isTotal && !reader.ValueTextEquals("prompt_tokens"u8))
            {
                reader.Skip();
                continue;
            }

            // Some services have only one of the two, and some write 0 because they do not count.
            if (Next(ref reader) == JsonTokenType.Number && reader.TryGetInt64(out var tokens) && tokens > 0)
            {
                Tokens = Math.Max(Tokens ?? 0, tokens);
            }
        }
    }

    private static JsonTokenType Next(ref Utf8JsonReader reader) => reader.Read() ? reader.TokenType : throw new JsonException("The answer is truncated.");

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType type)
    {
        if (Next(ref reader) != type)
        {
            throw new JsonException($"{type} was expected instead of {reader.TokenType}.");
        }
    }

    private TransientException Unusable(string what, Exception? cause = null) =>
        new(ErrorCodes.InvalidEmbedding, $"The provider {provider} returned {what}.", cause);
}

/// <summary>A provider's answer.</summary>
/// <param name="Vectors">In the order of the texts, of the model's dimensions.</param>
/// <param name="Tokens">The tokens that the provider counted; null when it reported none.</param>
internal sealed record EmbeddingAnswer(float[][] Vectors, long? Tokens);

/// <summary>Reads one vector: an array of numbers, or their little-endian bytes in base64.</summary>
internal static class VectorReader
{
    /// <summary>Reads the next value.</summary>
    /// <param name="reader">At the member's name.</param>
    /// <param name="dimensions">Numbers expected.</param>
    /// <param name="length">Numbers found.</param>
    /// <returns>The vector; null when its length is not the expected one.</returns>
    /// <exception cref="JsonException">The value is neither.</exception>
    public static float[]? Read(ref Utf8JsonReader reader, int dimensions, out int length)
    {
        reader.Read();
        var vector = new float[dimensions];
        length = reader.TokenType switch
        {
            JsonTokenType.StartArray => ReadArray(ref reader, vector),
            JsonTokenType.String => ReadBase64(ref reader, vector),
            _ => throw new JsonException("A vector is neither an array nor base64."),
        };
        return length == dimensions ? vector : null;
    }

    private static int ReadArray(ref Utf8JsonReader reader, float[] vector)
    {
        var length = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            // Some services write null for a number that is not finite.
            var number = reader.TokenType == JsonTokenType.Null ? float.NaN : reader.GetSingle();
            if (length < vector.Length)
            {
                vector[length] = number;
            }

            length++;
        }

        return length;
    }

    private static int ReadBase64(ref Utf8JsonReader reader, float[] vector)
    {
        if (!reader.ValueIsEscaped)
        {
            return Decode(reader.ValueSpan, vector);
        }

        var buffer = ArrayPool<byte>.Shared.Rent(reader.ValueSpan.Length);
        try
        {
            return Decode(buffer.AsSpan(0, reader.CopyString(buffer)), vector);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static int Decode(ReadOnlySpan<byte> base64, float[] vector)
    {
        var status = Base64.DecodeFromUtf8(base64, MemoryMarshal.AsBytes(vector.AsSpan()), out _, out var written);
        if (status is OperationStatus.InvalidData or OperationStatus.NeedMoreData)
        {
            throw new JsonException("A vector is not base64.");
        }

        if (!BitConverter.IsLittleEndian)
        {
            var bits = MemoryMarshal.Cast<float, int>(vector.AsSpan());
            BinaryPrimitives.ReverseEndianness(bits, bits);
        }

        const int charactersPerGroup = 4;
        const int bytesPerGroup = 3;
        return (status == OperationStatus.Done ? written : base64.Length / charactersPerGroup * bytesPerGroup) / sizeof(float);
    }
}

/// <summary>Reads the body of an answer into a pooled buffer, up to a limit.</summary>
internal static class BodyReader
{
    private const int FirstBuffer = 64 * 1024;

    /// <summary>Reads the whole body.</summary>
    /// <returns>A buffer of the shared pool, which the caller returns, and its filled length.</returns>
    /// <exception cref="TransientException">With <see cref="ErrorCodes.InvalidEmbedding"/>: the body is longer than the limit.</exception>
    public static async Task<(byte[] Buffer, int Length)> ReadAsync(
        HttpResponseMessage response, long limit, string provider, CancellationToken cancellationToken)
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
                    throw new TransientException(ErrorCodes.InvalidEmbedding, $"The provider {provider} returned an answer of more than {limit} bytes.");
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
