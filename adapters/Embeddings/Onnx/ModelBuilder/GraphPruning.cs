using Onnx;

namespace Quiver.ModelBuilder;

/// <summary>Takes out of a graph what its output does not need.</summary>
internal static class GraphPruning
{
    /// <summary>Keeps one output and what leads to it.</summary>
    /// <exception cref="InvalidDataException">There is no such output.</exception>
    public static void KeepOnly(GraphProto graph, string output)
    {
        var kept = graph.Output.FirstOrDefault(value => value.Name == output) ?? throw new InvalidDataException($"its graph has no output {output}.");
        graph.Output.Clear();
        graph.Output.Add(kept);
        graph.ValueInfo.Clear();

        // Nodes stand after those that they need.
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
