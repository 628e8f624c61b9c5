using System.Numerics.Tensors;
using Microsoft.ML.OnnxRuntime;

namespace Quiver.Adapters.Embeddings.Onnx;

/// <summary>
/// Feeds a BERT-style graph; takes its own sentence embedding where it has one, else joins the tokens' vectors; normalises. Belongs to one
/// thread, whose buffers it reuses.
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

    /// <summary>Looks at the graph's inputs and outputs.</summary>
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
    /// <param name="options">Through which the run can be stopped.</param>
    /// <param name="texts">The token ids of each text, checked; possibly none.</param>
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
