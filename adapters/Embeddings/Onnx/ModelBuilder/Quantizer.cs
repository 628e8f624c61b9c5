using System.Runtime.InteropServices;
using Google.Protobuf;
using Onnx;

namespace Quiver.ModelBuilder;

/// <summary>
/// Rewrites a BERT-style graph to 8-bit integers: weights by column, word embeddings by row, activations by row while the model runs. Every
/// row has its own scale, so a text's vector does not depend on the other texts of its run. Both factors of a product are unsigned:
/// that is exact on every processor, while products of signed weights saturate on some and are slow on others.
/// </summary>
internal static class Quantizer
{
    private const int Largest = 127;
    private const string Output = "last_hidden_state";
    private const string RuntimeDomain = "com.microsoft";
    private const string One = "quiver_one";
    private const string ZeroPoint = "quiver_zero_point";

    /// <summary>Rewrites a graph.</summary>
    /// <param name="model">The model.onnx.</param>
    /// <returns>The rewritten model.onnx; the same for the same input on every machine.</returns>
    public static byte[] Quantize(byte[] model)
    {
        var rewritten = ModelProto.Parser.ParseFrom(model);
        var graph = rewritten.Graph;
        GraphPruning.KeepOnly(graph, Output);
        var weights = graph.Initializer.Where(static tensor => tensor.Dims.Count == 2 && tensor.DataType == (int)TensorProto.Types.DataType.Float)
            .ToDictionary(static tensor => tensor.Name);
        var additions = new GraphAdditions(graph);
        additions.PrepareRows(Largest);
        additions.Floats(One, [], [1]);
        additions.Bytes(ZeroPoint, [], [GraphAdditions.Zero]);
        var quantized = new Dictionary<string, (string Values, string Scale)>();
        var nodes = graph.Node.ToArray();
        graph.Node.Clear();
        foreach (var node in nodes)
        {
            if (node is { OpType: "MatMul", Input: [var rows, var columns] } && weights.TryGetValue(columns, out var weight))
            {
                if (!quantized.TryGetValue(rows, out var activation))
                {
                    quantized[rows] = activation = additions.QuantizeRows(rows);
                }

                AddMatMul(additions, node, activation, weight);
            }
            else if (node is { OpType: "Gather", Input: [var table, "input_ids"] } && weights.TryGetValue(table, out var words))
            {
                AddGather(additions, node, words);
            }
            else
            {
                graph.Node.Add(node);
            }
        }

        GraphPruning.KeepOnly(graph, Output);
        rewritten.OpsetImport.Add(new OperatorSetIdProto { Domain = RuntimeDomain, Version = 1 });
        rewritten.ProducerName = "quiver";
        rewritten.ProducerVersion = "";
        return rewritten.ToByteArray();
    }

    private static void AddMatMul(GraphAdditions graph, NodeProto node, (string Values, string Scale) activation, TensorProto weight)
    {
        var (rows, columns) = ((int)weight.Dims[0], (int)weight.Dims[1]);
        var (values, scales) = Scale(Floats(weight), columns, static (index, count) => index % count);
        var quantized = graph.Bytes($"{weight.Name}_uint8", [rows, columns], values);
        var scale = graph.Floats($"{weight.Name}_scale", [columns], scales);
        var product = $"{node.Output[0]}_unscaled";
        var multiply = graph.Node("MatMulIntegerToFloat", [activation.Values, quantized, One, scale, ZeroPoint, ZeroPoint], product);
        multiply.Domain = RuntimeDomain;
        graph.Node("Mul", [product, activation.Scale], node.Output[0]);
    }

    private static void AddGather(GraphAdditions graph, NodeProto node, TensorProto table)
    {
        var (rows, columns) = ((int)table.Dims[0], (int)table.Dims[1]);
        var (values, scales) = Scale(Floats(table), rows, (index, _) => index / columns);
        var output = node.Output[0];
        graph.Node("Gather", [graph.Bytes($"{table.Name}_uint8", [rows, columns], values), "input_ids"], $"{output}_uint8");
        graph.Node("Gather", [graph.Floats($"{table.Name}_scale", [rows, 1], scales), "input_ids"], $"{output}_scale");
        graph.Cast($"{output}_uint8", TensorProto.Types.DataType.Float, $"{output}_shifted");
        graph.Node("Sub", [$"{output}_shifted", graph.Floats($"{table.Name}_zero", [], [GraphAdditions.Zero])], $"{output}_unscaled");
        graph.Node("Mul", [$"{output}_unscaled", $"{output}_scale"], output);
    }

    /// <summary>Quantizes numbers to multiples of a scale per group, relative to <see cref="GraphAdditions.Zero"/>.</summary>
    private static (byte[] Values, float[] Scales) Scale(ReadOnlySpan<float> numbers, int groups, Func<int, int, int> groupOf)
    {
        var scales = new float[groups];
        for (var i = 0; i < numbers.Length; i++)
        {
            ref var scale = ref scales[groupOf(i, groups)];
            scale = Math.Max(scale, Math.Abs(numbers[i]));
        }

        for (var i = 0; i < groups; i++)
        {
            scales[i] = scales[i] == 0 ? 1 : scales[i] / Largest;
        }

        var values = new byte[numbers.Length];
        for (var i = 0; i < numbers.Length; i++)
        {
            values[i] = (byte)(GraphAdditions.Zero + Math.Clamp(MathF.Round(numbers[i] / scales[groupOf(i, groups)]), -Largest, Largest));
        }

        return (values, scales);
    }

    private static ReadOnlySpan<float> Floats(TensorProto tensor) =>
        tensor.RawData.IsEmpty ? tensor.FloatData.ToArray() : MemoryMarshal.Cast<byte, float>(tensor.RawData.Span);
}
