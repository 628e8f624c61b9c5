using System.Runtime.InteropServices;
using Google.Protobuf;
using Onnx;

namespace Quiver.ModelBuilder;

/// <summary>Adds constants and nodes to a graph.</summary>
internal sealed class GraphAdditions
{
    /// <summary>What stands for 0 in unsigned 8-bit integers.</summary>
    public const byte Zero = 128;

    private const string PerStep = "quiver_per_step";
    private const string LeastScale = "quiver_least_scale";
    private const string Shift = "quiver_shift";
    private readonly GraphProto _graph;

    /// <summary>Adds to a graph, at the end of its nodes.</summary>
    public GraphAdditions(GraphProto graph)
    {
        _graph = graph;
    }

    /// <summary>Adds a constant of 32-bit floating-point numbers.</summary>
    public string Floats(string name, long[] shape, ReadOnlySpan<float> data) => Constant(name, TensorProto.Types.DataType.Float, shape, MemoryMarshal.AsBytes(data));

    /// <summary>Adds a constant of unsigned 8-bit integers.</summary>
    public string Bytes(string name, long[] shape, ReadOnlySpan<byte> data) => Constant(name, TensorProto.Types.DataType.Uint8, shape, data);

    /// <summary>Adds a constant of 64-bit integers.</summary>
    public string Integers(string name, long[] shape, ReadOnlySpan<long> data) => Constant(name, TensorProto.Types.DataType.Int64, shape, MemoryMarshal.AsBytes(data));

    /// <summary>Adds a node with one output.</summary>
    public NodeProto Node(string type, string[] inputs, string output)
    {
        var node = new NodeProto { OpType = type, Name = $"{output}_{type}" };
        node.Input.Add(inputs);
        node.Output.Add(output);
        _graph.Node.Add(node);
        return node;
    }

    /// <summary>Adds a change of type.</summary>
    public void Cast(string input, TensorProto.Types.DataType type, string output) =>
        Node("Cast", [input], output).Attribute.Add(new AttributeProto { Name = "to", Type = AttributeProto.Types.AttributeType.Int, I = (long)type });

    /// <summary>Adds the constants that <see cref="QuantizeRows"/> uses.</summary>
    /// <param name="largest">The largest distance from <see cref="Zero"/>.</param>
    public void PrepareRows(int largest)
    {
        Floats(PerStep, [], [1f / largest]);

        // A row of zeros must not be divided by zero.
        Floats(LeastScale, [], [1e-12f]);

        // Casting cuts off the fraction: with a half more it rounds.
        Floats(Shift, [], [Zero + 0.5f]);
    }

    /// <summary>Adds what turns each row into unsigned 8-bit integers and the row's scale.</summary>
    public (string Values, string Scale) QuantizeRows(string input)
    {
        var (absolute, largest, scale, scaled, shifted, values) = ($"{input}_abs", $"{input}_max", $"{input}_row_scale", $"{input}_scaled", $"{input}_shifted", $"{input}_uint8");
        Node("Abs", [input], absolute);
        var reduce = Node("ReduceMax", [absolute], largest);
        reduce.Attribute.Add(new AttributeProto { Name = "axes", Type = AttributeProto.Types.AttributeType.Ints, Ints = { -1 } });
        reduce.Attribute.Add(new AttributeProto { Name = "keepdims", Type = AttributeProto.Types.AttributeType.Int, I = 1 });
        Node("Mul", [largest, PerStep], $"{largest}_step");
        Node("Max", [$"{largest}_step", LeastScale], scale);
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
