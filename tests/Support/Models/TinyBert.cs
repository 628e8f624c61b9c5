using System.Text.Json;
using Google.Protobuf;
using Onnx;
using Quiver.ModelBuilder;

namespace Quiver.Tests.Support.Models;

/// <summary>
/// A tiny BERT with seeded random weights, in the shape that exports of sentence-transformers have. The tests' folder holds it, written once
/// by each process; the weights are at hand for an independent computation.
/// </summary>
internal sealed class TinyBert
{
    public const int Hidden = 16;
    public const int Heads = 2;
    public const int Positions = 32;
    private const int Inner = 32;
    private const int Seed = 20_240_607;

    private static readonly string[] Vocabulary =
    [
        "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "quick", "brown", "fox", "jump", "##s", "##ed", "over", "lazy", "dog",
        "un", "##aff", "##able", "cafe", "na", "##ive", ",", ".", "!", "?", "'", "-", "1", "##2", "##3", "a", "##b", "中", "文",
    ];

    private static readonly Lazy<TinyBert> Shared = new(() => new TinyBert());

    private readonly Dictionary<string, float[]> _weights = [];
    private readonly GraphProto _graph = new() { Name = "tiny-bert" };
    private readonly GraphAdditions _additions;
    private readonly Random _random = new(Seed);
    private int _nodes;

    private TinyBert()
    {
        _additions = new GraphAdditions(_graph);
        Directory = System.IO.Path.Combine(AppContext.BaseDirectory, "tiny-bert");
        System.IO.Directory.CreateDirectory(Directory);
        Save("model.onnx", Build().ToByteArray());
        Save("vocab.txt", System.Text.Encoding.UTF8.GetBytes(string.Join('\n', Vocabulary) + "\n"));
        Save("config.json", JsonSerializer.SerializeToUtf8Bytes(new { model_type = "bert", hidden_size = Hidden, max_position_embeddings = Positions }));
        Save("tokenizer_config.json", JsonSerializer.SerializeToUtf8Bytes(new { do_lower_case = true, model_max_length = Positions }));
    }

    /// <summary>The model's directory.</summary>
    public static string Path => Shared.Value.Directory;

    /// <summary>All weights, row by row, by name.</summary>
    public static IReadOnlyDictionary<string, float[]> Weights => Shared.Value._weights;

    private string Directory { get; }

    /// <summary>Copies the model to a folder of a test's own, where it may add files.</summary>
    public static string CopyTo(string directory)
    {
        System.IO.Directory.CreateDirectory(directory);
        foreach (var file in System.IO.Directory.EnumerateFiles(Path))
        {
            File.Copy(file, System.IO.Path.Combine(directory, System.IO.Path.GetFileName(file)));
        }

        return directory;
    }

    private void Save(string name, byte[] content)
    {
        // Other processes of the same tests may read the files meanwhile.
        var staged = System.IO.Path.Combine(Directory, $".{name}.{Environment.ProcessId}");
        File.WriteAllBytes(staged, content);
        File.Move(staged, System.IO.Path.Combine(Directory, name), overwrite: true);
    }

    private ModelProto Build()
    {
        foreach (var name in new[] { "input_ids", "attention_mask", "token_type_ids" })
        {
            _graph.Input.Add(Value(name, TensorProto.Types.DataType.Int64, "batch_size", "sequence_length"));
        }

        _additions.Node("Identity", [Layer(Embed())], "last_hidden_state");
        _graph.Output.Add(Value("last_hidden_state", TensorProto.Types.DataType.Float, "batch_size", "sequence_length", "hidden"));
        return new ModelProto { IrVersion = 8, ProducerName = "quiver tests", Graph = _graph, OpsetImport = { new OperatorSetIdProto { Version = 17 } } };
    }

    private string Embed()
    {
        var words = Node("Gather", Weight("word", [Vocabulary.Length, Hidden]), "input_ids");
        var types = Node("Gather", Weight("type", [2, Hidden]), "token_type_ids");
        var length = Node("Slice", Node("Shape", "input_ids"), _additions.Integers("one", [1], [1]), _additions.Integers("two", [1], [2]));
        var places = Node("Slice", Weight("position", [Positions, Hidden]), _additions.Integers("zero", [1], [0]), length);
        return Norm("embedding_norm", Node("Add", Node("Add", words, types), places));
    }

    private string Layer(string x)
    {
        var shape = _additions.Integers("heads_shape", [4], [0, 0, Heads, Hidden / Heads]);
        var query = Transpose(Node("Reshape", Linear(x, "query", Hidden, Hidden), shape), 0, 2, 1, 3);
        var key = Transpose(Node("Reshape", Linear(x, "key", Hidden, Hidden), shape), 0, 2, 3, 1);
        var value = Transpose(Node("Reshape", Linear(x, "value", Hidden, Hidden), shape), 0, 2, 1, 3);
        var scores = Node("Mul", Node("MatMul", query, key), _additions.Floats("scale", [1], [1 / MathF.Sqrt(Hidden / Heads)]));
        var mixed = Node("MatMul", Node("Softmax", Node("Add", scores, MaskBias())), value);
        var joined = Node("Reshape", Transpose(mixed, 0, 2, 1, 3), _additions.Integers("joined_shape", [3], [0, 0, Hidden]));
        var attended = Norm("attention_norm", Node("Add", Linear(joined, "attention_output", Hidden, Hidden), x));
        var inner = Node("Relu", Linear(attended, "inner", Hidden, Inner));
        return Norm("output_norm", Node("Add", Linear(inner, "outer", Inner, Hidden), attended));
    }

    private string MaskBias()
    {
        _additions.Cast(Node("Unsqueeze", "attention_mask", _additions.Integers("head_axes", [2], [1, 2])), TensorProto.Types.DataType.Float, "mask");
        return Node("Mul", Node("Sub", _additions.Floats("unit", [1], [1]), "mask"), _additions.Floats("far", [1], [-1e9f]));
    }

    private string Linear(string input, string name, int from, int to) =>
        Node("Add", Node("MatMul", input, Weight(name, [from, to])), Weight($"{name}_bias", [to]));

    private string Norm(string name, string input)
    {
        var output = $"{name}_output";
        var node = _additions.Node("LayerNormalization", [input, Weight($"{name}_scale", [Hidden], 0.2f, 1), Weight($"{name}_bias", [Hidden], 0.2f)], output);
        node.Attribute.Add(new AttributeProto { Name = "epsilon", Type = AttributeProto.Types.AttributeType.Float, F = 1e-12f });
        return output;
    }

    private string Transpose(string input, params long[] order)
    {
        var output = $"transposed_{_nodes++}";
        _additions.Node("Transpose", [input], output).Attribute.Add(new AttributeProto { Name = "perm", Type = AttributeProto.Types.AttributeType.Ints, Ints = { order } });
        return output;
    }

    private string Node(string type, params string[] inputs)
    {
        var output = $"{type}_{_nodes++}";
        _additions.Node(type, inputs, output);
        return output;
    }

    private string Weight(string name, long[] shape, float scale = 0.5f, float offset = 0)
    {
        var numbers = new float[shape.Aggregate(1L, static (product, dimension) => product * dimension)];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = ((_random.NextSingle() - 0.5f) * scale) + offset;
        }

        _weights.Add(name, numbers);
        return _additions.Floats(name, shape, numbers);
    }

    private static ValueInfoProto Value(string name, TensorProto.Types.DataType type, params string[] dimensions)
    {
        var shape = new TensorShapeProto();
        shape.Dim.Add(dimensions.Select(static dimension => dimension == "hidden"
            ? new TensorShapeProto.Types.Dimension { DimValue = Hidden }
            : new TensorShapeProto.Types.Dimension { DimParam = dimension }));
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = shape } } };
    }
}
