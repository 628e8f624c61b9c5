using Quiver.Tests.Support.Models;

namespace Quiver.Tests.Integration.Embeddings.Onnx;

/// <summary>A second implementation of the tiny BERT's forward pass, from its weights and the paper.</summary>
internal sealed class TinyBertReference
{
    private const int Hidden = TinyBert.Hidden;
    private const int Heads = TinyBert.Heads;
    private const int Inner = 32;

    private readonly IReadOnlyDictionary<string, float[]> _weights = TinyBert.Weights;

    /// <summary>The normalised mean over the tokens, or the normalised first one.</summary>
    public double[] Embed(int[] ids, bool first = false)
    {
        var x = ids.Select((id, place) => Norm("embedding_norm", Vector(column =>
            _weights["word"][(id * Hidden) + column] + _weights["type"][column] + _weights["position"][(place * Hidden) + column]))).ToArray();
        var attended = Attend(x);
        var output = x.Select((row, i) =>
        {
            var middle = Norm("attention_norm", Sum(Linear("attention_output", attended[i], Hidden), row));
            var inner = Linear("inner", middle, Inner).Select(value => Math.Max(0, value)).ToArray();
            return Norm("output_norm", Sum(Linear("outer", inner, Hidden), middle));
        }).ToArray();
        var joined = first ? output[0] : Vector(column => output.Average(row => row[column]));
        var length = Math.Sqrt(joined.Sum(value => value * value));
        return [.. joined.Select(value => value / length)];
    }

    private double[][] Attend(double[][] x)
    {
        const int width = Hidden / Heads;
        var (query, key, value) = (All("query", x), All("key", x), All("value", x));
        var result = x.Select(_ => new double[Hidden]).ToArray();
        for (var head = 0; head < Heads; head++)
        {
            for (var i = 0; i < x.Length; i++)
            {
                var start = head * width;
                var weights = x.Select((_, j) => Math.Exp(Enumerable.Range(start, width).Sum(c => query[i][c] * key[j][c]) / Math.Sqrt(width))).ToArray();
                for (var column = start; column < start + width; column++)
                {
                    result[i][column] = x.Select((_, j) => weights[j] * value[j][column]).Sum() / weights.Sum();
                }
            }
        }

        return result;
    }

    private double[][] All(string name, double[][] rows) => [.. rows.Select(row => Linear(name, row, Hidden))];

    private double[] Linear(string name, double[] input, int outputs) =>
        [.. Enumerable.Range(0, outputs).Select(column =>
            _weights[$"{name}_bias"][column] + input.Select((value, row) => value * _weights[name][(row * outputs) + column]).Sum())];

    private double[] Norm(string name, double[] input)
    {
        var mean = input.Average();
        var deviation = Math.Sqrt(input.Average(value => (value - mean) * (value - mean)) + 1e-12);
        return [.. input.Select((value, i) => ((value - mean) / deviation * _weights[$"{name}_scale"][i]) + _weights[$"{name}_bias"][i])];
    }

    private static double[] Vector(Func<int, double> component) => [.. Enumerable.Range(0, Hidden).Select(component)];

    private static double[] Sum(double[] left, double[] right) => [.. left.Zip(right, (a, b) => a + b)];
}
