using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Quiver.Adapters.Embeddings.OpenAI;

/// <summary>Reads one vector: an array of numbers, or their little-endian bytes in base64.</summary>
internal static class VectorReader
{
    /// <summary>Reads the value that follows.</summary>
    /// <param name="reader">Stands on the member's name.</param>
    /// <param name="dimensions">Numbers expected.</param>
    /// <param name="length">Numbers there are.</param>
    /// <returns>The vector; null when it is longer or shorter than expected.</returns>
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
            // Some services write null where a number came out as none.
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
