using Microsoft.ML.OnnxRuntime;
using Quiver.Adapters.Embeddings.Onnx;

namespace Quiver.Bench.Embedding;

/// <summary>A 2048³ MatMul in ONNX Runtime with a constant right side, which the runtime packs once, as it does with a model's weights.</summary>
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

    /// <summary>Multiplies once on each of so many threads.</summary>
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
