using Microsoft.ML.OnnxRuntime;

namespace Quiver.Adapters.Onnx;

/// <summary>
/// Feeds the packed graph of models/converter/use-lite.mjs: real tokens only, with the index vectors that lead into padded attention
/// and back.
/// </summary>
internal sealed class UseLiteRunner(InferenceSession session, int dimensions) : IModelRunner
{
    private const int Heads = 4;
    private const float Masked = -1e9f;
    private static readonly string[] Inputs = ["ids", "positions", "padded", "packed", "bias", "pool"];
    private static readonly string[] Outputs = ["embedding"];

    private readonly TensorBuffer<long> _ids = new();
    private readonly TensorBuffer<long> _positions = new();
    private readonly TensorBuffer<long> _padded = new();
    private readonly TensorBuffer<long> _packed = new();
    private readonly TensorBuffer<float> _bias = new();
    private readonly TensorBuffer<float> _pool = new();

    public float[] Run(RunOptions options, IReadOnlyList<int[]> texts)
    {
        var result = new float[texts.Count * dimensions];
        if (texts.Count == 0)
        {
            return result;
        }

        var (rows, tokens) = (texts.Count, texts.Sum(text => Math.Max(1, text.Length)));
        var columns = Math.Max(1, texts.Max(text => text.Length));
        Fill(texts, rows, columns, tokens);
        using var ids = _ids.AsTensor(tokens);
        using var positions = _positions.AsTensor(tokens);
        using var padded = _padded.AsTensor(rows, columns);
        using var packed = _packed.AsTensor(tokens);
        using var bias = _bias.AsTensor(rows, 1, 1, columns);
        using var pool = _pool.AsTensor(rows, tokens);
        using var output = OrtValue.CreateTensorValueFromMemory(result, [rows, dimensions]);
        session.Run(options, Inputs, [ids, positions, padded, packed, bias, pool], Outputs, [output]);
        return result;
    }

    private void Fill(IReadOnlyList<int[]> texts, int rows, int columns, int tokens)
    {
        var ids = _ids.Take(tokens);
        var positions = _positions.Take(tokens);
        var packed = _packed.Take(tokens);
        var padded = _padded.Take(rows * columns);
        var bias = _bias.Take(rows * columns);
        var pool = _pool.Take(rows * tokens);
        var token = 0;
        for (var row = 0; row < rows; row++)
        {
            // An empty text is one token that nothing is made of: its share in the mean is 0.
            ReadOnlySpan<int> text = texts[row].Length == 0 ? [0] : texts[row];
            var share = texts[row].Length == 0 ? 0 : 1f / text.Length;
            for (var column = 0; column < text.Length; column++, token++)
            {
                ids[token] = text[column];
                positions[token] = column;
                packed[token] = (row * Heads * columns) + column;
                padded[(row * columns) + column] = token;
                pool[(row * tokens) + token] = share;
            }

            bias.Slice((row * columns) + text.Length, columns - text.Length).Fill(Masked);
        }
    }
}
