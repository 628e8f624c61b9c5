using System.Runtime.InteropServices;
using Google.Protobuf;
using Onnx;

namespace Quiver.ModelBuilder;

/// <summary>Adds constants and nodes to a graph.</summary>
internal sealed class GraphAdditions
{
    /// <summary>The unsigned 8-bit integer that represents 0.</summary>
    public const byte Zero = 128;

    private const string PerStep = "quiver_per_step";
    private const string MinScale = "quiver_least_scale";
    private const string Shift = "quiver_shift";
    private readonly GraphProto _graph;

    public GraphAdditions(GraphProto graph)
    {
        _graph = graph;
    }

    public string Floats(string name, long[] shape, ReadOnlySpan<float> data) => Constant(name, TensorProto.Types.DataType.Float, shape, MemoryMarshal.AsBytes(data));

    public string Bytes(string name, long[] shape, ReadOnlySpan<byte> data) => Constant(name, TensorProto.Types.DataType.Uint8, shape, data);

    public string Integers(string name, long[] shape, ReadOnlySpan<long> data) => Constant(name, TensorProto.Types.DataType.Int64, shape, MemoryMarshal.AsBytes(data));

    public NodeProto Node(string type, string[] inputs, string output)
    {
        var node = new NodeProto { OpType = type, Name = $"{output}_{type}" };
        node.Input.Add(inputs);
        node.Output.Add(output);
        _graph.Node.Add(node);
        return node;
    }

    public void Cast(string input, TensorProto.Types.DataType type, string output) =>
        Node("Cast", [input], output).Attribute.Add(new AttributeProto { Name = "to", Type = AttributeProto.Types.AttributeType.Int, I = (long)type });

    /// <summary>Adds the constants that <see cref="QuantizeRows"/> uses.</summary>
    /// <param name="largest">The largest distance from <see cref="Zero"/>.</param>
    public void PrepareRows(int largest)
    {
        Floats(PerStep, [], [1f / largest]);

        // A row of zeros must not be divided by zero.
        Floats(MinScale, [], [1e-12f]);

        // A cast truncates: adding a half makes it round.
        Floats(Shift, [], [Zero + 0.5f]);
    }

    /// <summary>Adds the nodes that convert each row to unsigned 8-bit integers and the row's scale.</summary>
    public (string Values, string Scale) QuantizeRows(string input)
    {
        var (absolute, largest, scale, scaled, shifted, values) = ($"{input}_abs", $"{input}_max", $"{input}_row_scale", $"{input}_scaled", $"{input}_shifted", $"{input}_uint8");
        Node("Abs", [input], absolute);
        var reduce = Node("ReduceMax", [absolute], largest);
        reduce.Attribute.Add(new AttributeProto { Name = "axes", Type = AttributeProto.Types.AttributeType.Ints, Ints = { -1 } });
        reduce.Attribute.Add(new AttributeProto { Name = "keepdims", Type = AttributeProto.Types.AttributeType.Int, I = 1 });
        Node("Mul", [largest, PerStep], $"{largest}_step");
        Node("Max", [$"{largest}_step", MinScale], scale);
        Node("Div", [input, scale], scaled);
        Node("Add", [scaled, Shift], shifted);
        Cast(shifted, TensorProto.Types.DataType.Uint8, values);
        return (values, scale);
    }

    private string Constant(string name, TensorProto.Types.DataType type, long[] shape, ReadOnlySpan<byte> data)
    {
        var tensor = new TensorProto { Name = name, DataType = (int)type, RawData = ByteString.CopyFrom(data) };
        tensor.Dims.Add(shape);
        _graph.Initializer.Add(tensor);
        return name;
    }
}

/// <summary>Removes what a graph's output does not need.</summary>
internal static class GraphPruning
{
    /// <summary>Keeps one output and the nodes that it depends on.</summary>
    /// <exception cref="InvalidDataException">There is no such output.</exception>
    public static void KeepOnly(GraphProto graph, string output)
    {
        var kept = graph.Output.FirstOrDefault(value => value.Name == output) ?? throw new InvalidDataException($"its graph has no output {output}.");
        graph.Output.Clear();
        graph.Output.Add(kept);
        graph.ValueInfo.Clear();

        // Nodes come after those that they depend on.
        var needed = new HashSet<string> { output };
        var nodes = new Stack<NodeProto>();
        foreach (var node in graph.Node.Reverse())
        {
            if (node.Output.Any(needed.Contains))
            {
                needed.UnionWith(node.Input);
                nodes.Push(node);
            }
        }

        graph.Node.Clear();
        graph.Node.Add(nodes);
        Keep(graph.Initializer, tensor => needed.Contains(tensor.Name));
        var constants = graph.Initializer.Select(static tensor => tensor.Name).ToHashSet();
        Keep(graph.Input, value => needed.Contains(value.Name) && !constants.Contains(value.Name));
    }

    private static void Keep<T>(Google.Protobuf.Collections.RepeatedField<T> items, Func<T, bool> isKept)
    {
        var kept = items.Where(isKept).ToArray();
        items.Clear();
        items.Add(kept);
    }
}
