using System.Numerics.Tensors;
using Microsoft.ML.OnnxRuntime;

namespace Quiver.Adapters.Embeddings.Onnx;

/// <summary>
/// Runs a BERT-style graph. Uses its sentence embedding where it has one, else pools the vectors of the tokens; normalises. Belongs to one
/// thread and reuses its buffers.
/// </summary>
internal sealed class BertRunner
{
    private const string Sentence = "sentence_embedding";
    private const string Hidden = "last_hidden_state";

    private readonly InferenceSession _session;
    private readonly int _dimensions;
    private readonly Pooling _pooling;
    private readonly string[] _inputs;
    private readonly string _output;
    private readonly TensorBuffer<long> _ids = new();
    private readonly TensorBuffer<long> _mask = new();
    private readonly TensorBuffer<long> _types = new();
    private readonly TensorBuffer<float> _hidden = new();

    /// <summary>Checks the graph's inputs and outputs.</summary>
    /// <exception cref="PermanentException">Code <see cref="ErrorCodes.ModelUnavailable"/>: they are not those of a BERT-style export.</exception>
    public BertRunner(InferenceSession session, int dimensions, Pooling pooling)
    {
        (_session, _dimensions, _pooling) = (session, dimensions, pooling);
        _inputs = [.. session.InputNames];
        _output = session.OutputNames.FirstOrDefault(name => name is Sentence)
            ?? session.OutputNames.FirstOrDefault(name => name is Hidden)
            ?? throw LocalModelReader.Unavailable($"The model's graph has neither an output named {Sentence} nor {Hidden}: export it for feature extraction.");
        if (_inputs.FirstOrDefault(name => name is not ("input_ids" or "attention_mask" or "token_type_ids")) is { } unknown)
        {
            throw LocalModelReader.Unavailable($"The model's graph has an input named {unknown}, which is not of a BERT-style export.");
        }
    }

    /// <summary>Computes the normalised vectors of some texts.</summary>
    /// <param name="options">Stops the run.</param>
    /// <param name="texts">The checked token ids of each text; may be empty.</param>
    /// <returns>The vectors one after the other, in a new array.</returns>
    /// <exception cref="OnnxRuntimeException">The run failed or was stopped.</exception>
    public float[] Run(RunOptions options, IReadOnlyList<int[]> texts)
    {
        var result = new float[texts.Count * _dimensions];
        if (texts.Count == 0)
        {
            return result;
        }

        var (rows, columns) = (texts.Count, texts.Max(text => text.Length));
        Fill(texts, rows, columns);
        using var ids = _ids.AsTensor(rows, columns);
        using var mask = _mask.AsTensor(rows, columns);
        using var types = _types.AsTensor(rows, columns);
        OrtValue[] inputs = [.. _inputs.Select(name => name switch { "input_ids" => ids, "attention_mask" => mask, _ => types })];
        if (_output == Sentence)
        {
            using var output = OrtValue.CreateTensorValueFromMemory(result, [rows, _dimensions]);
            _session.Run(options, _inputs, inputs, [_output], [output]);
        }
        else
        {
            _hidden.Take(rows * columns * _dimensions);
            using var output = _hidden.AsTensor(rows, columns, _dimensions);
            _session.Run(options, _inputs, inputs, [_output], [output]);
            Pool(output.GetTensorDataAsSpan<float>(), texts, columns, result);
        }

        for (var row = 0; row < rows; row++)
        {
            var vector = result.AsSpan(row * _dimensions, _dimensions);
            TensorPrimitives.Divide(vector, MathF.Max(TensorPrimitives.Norm(vector), 1e-12f), vector);
        }

        return result;
    }

    private void Fill(IReadOnlyList<int[]> texts, int rows, int columns)
    {
        var ids = _ids.Take(rows * columns);
        var mask = _mask.Take(rows * columns);
        _types.Take(rows * columns);
        for (var row = 0; row < rows; row++)
        {
            var text = texts[row];
            for (var column = 0; column < text.Length; column++)
            {
                ids[(row * columns) + column] = text[column];
                mask[(row * columns) + column] = 1;
            }
        }
    }

    private void Pool(ReadOnlySpan<float> hidden, IReadOnlyList<int[]> texts, int columns, float[] result)
    {
        for (var row = 0; row < texts.Count; row++)
        {
            var vector = result.AsSpan(row * _dimensions, _dimensions);
            if (_pooling == Pooling.Cls)
            {
                hidden.Slice(row * columns * _dimensions, _dimensions).CopyTo(vector);
                continue;
            }

            for (var column = 0; column < texts[row].Length; column++)
            {
                TensorPrimitives.Add(vector, hidden.Slice(((row * columns) + column) * _dimensions, _dimensions), vector);
            }

            TensorPrimitives.Divide(vector, Math.Max(1, texts[row].Length), vector);
        }
    }
}

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
