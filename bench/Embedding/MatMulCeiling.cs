using System.Text;
using Microsoft.ML.OnnxRuntime;
using Quiver.Adapters.Embeddings.Onnx;

namespace Quiver.Bench.Embedding;

/// <summary>A 2048³ MatMul in ONNX Runtime with a constant right side, which the runtime packs once, like a model's weights.</summary>
internal sealed class MatMulCeiling : IDisposable
{
    private const int Size = 2048;
    private readonly InferenceSession _session;
    private readonly float[] _left = new float[Size * Size];

    public MatMulCeiling()
    {
        Array.Fill(_left, 0.5f);
        NativeRuntime.EnsureStarted();
        using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1 };
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        _session = new InferenceSession(MatMulModel.Create(Size), options);
    }

    /// <summary>Floating-point operations of one multiplication.</summary>
    public static double Flops => 2.0 * Size * Size * Size;

    /// <summary>Multiplies once on each of the threads.</summary>
    public void Run(int threads)
    {
        var workers = Enumerable.Range(0, threads).Select(_ => new Thread(Multiply)).ToList();
        workers.ForEach(worker => worker.Start());
        workers.ForEach(worker => worker.Join());
    }

    public void Dispose() => _session.Dispose();

    private void Multiply()
    {
        var product = new float[Size * Size];
        using var run = new RunOptions();
        using var input = OrtValue.CreateTensorValueFromMemory(_left, [Size, Size]);
        using var output = OrtValue.CreateTensorValueFromMemory(product, [Size, Size]);
        _session.Run(run, ["a"], [input], ["y"], [output]);
    }
}

/// <summary>The bytes of an ONNX model with a single MatMul: y = a · b, where b is a constant.</summary>
internal static class MatMulModel
{
    private const int FloatType = 1;

    /// <summary>Creates the model for square matrices.</summary>
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
