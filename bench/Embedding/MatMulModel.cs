using System.Text;

namespace Quiver.Bench.Embedding;

/// <summary>The bytes of an ONNX model with a single MatMul: y = a · b, where b is a constant.</summary>
internal static class MatMulModel
{
    private const int FloatType = 1;

    /// <summary>Makes the model for square matrices.</summary>
    public static byte[] Create(int size)
    {
        var constant = new byte[size * size * sizeof(float)];
        for (var i = 0; i < size * size; i++)
        {
            System.Buffers.Binary.BinaryPrimitives.WriteSingleLittleEndian(constant.AsSpan(i * sizeof(float)), 0.25f);
        }

        byte[] node = [.. Field(1, "a"), .. Field(1, "b"), .. Field(2, "y"), .. Field(4, "MatMul")];
        byte[] tensor = [.. Number(1, size), .. Number(1, size), .. Number(2, FloatType), .. Field(8, "b"), .. Field(9, constant)];
        byte[] graph = [.. Field(1, node), .. Field(2, "matmul"), .. Field(5, tensor), .. Field(11, Value("a", size)), .. Field(12, Value("y", size))];
        return [.. Number(1, 8), .. Field(7, graph), .. Field(8, [.. Field(1, ""), .. Number(2, 17)])];
    }

    private static byte[] Value(string name, int size)
    {
        var dimension = Field(1, Number(1, size));
        byte[] type = [.. Number(1, FloatType), .. Field(2, [.. dimension, .. dimension])];
        return [.. Field(1, name), .. Field(2, Field(1, type))];
    }

    private static byte[] Field(int number, string text) => Field(number, Encoding.UTF8.GetBytes(text));

    private static byte[] Field(int number, byte[] content) => [.. Varint((number << 3) | 2), .. Varint(content.Length), .. content];

    private static byte[] Number(int number, int value) => [.. Varint(number << 3), .. Varint(value)];

    private static List<byte> Varint(int value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        bytes.Add((byte)value);
        return bytes;
    }
}
