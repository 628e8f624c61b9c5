using Microsoft.ML.OnnxRuntime;

namespace Quiver.Adapters.Embeddings.Onnx;

/// <summary>A tensor's memory, reused from run to run; ONNX Runtime reads and writes it in place.</summary>
internal sealed class TensorBuffer<T>
    where T : unmanaged
{
    private T[] _items = [];

    /// <summary>Cleared memory for a tensor, valid until the next call.</summary>
    public Span<T> Take(int length)
    {
        if (_items.Length < length)
        {
            _items = new T[Math.Max(length, Math.Min(_items.Length * 2, Array.MaxLength))];
        }

        var span = _items.AsSpan(0, length);
        span.Clear();
        return span;
    }

    /// <summary>The memory taken last, as a tensor. Disposing it lets go of the memory.</summary>
    public OrtValue AsTensor(params long[] shape) =>
        OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, _items.AsMemory(0, Length(shape)), shape);

    private static int Length(long[] shape)
    {
        var length = 1L;
        foreach (var dimension in shape)
        {
            length *= dimension;
        }

        return checked((int)length);
    }
}
