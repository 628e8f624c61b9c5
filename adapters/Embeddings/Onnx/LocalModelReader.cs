using System.Text.Json;

namespace Quiver.Adapters.Embeddings.Onnx;

/// <summary>Reads a model directory.</summary>
internal static class LocalModelReader
{
    private const string GraphFile = "model.onnx";
    private const string DescriptorFile = "model.json";

    /// <summary>Reads everything but the weights.</summary>
    /// <param name="modelPath">The model's directory, or the name of a model of this build.</param>
    /// <exception cref="PermanentException">Code <see cref="ErrorCodes.ModelUnavailable"/>: a file is missing or has another form.</exception>
    public static LocalModel Read(string modelPath)
    {
        var directory = LocalModelFolders.Resolve(modelPath);
        var graph = Path.Combine(directory, GraphFile);
        if (!File.Exists(graph))
        {
            throw Unavailable($"There is no model at {graph}: run `dotnet build silo`, which makes the default model, or set {OnnxOptions.Section}:ModelPath to a model directory.");
        }

        try
        {
            var descriptor = ReadDescriptor(Path.Combine(directory, DescriptorFile));
            return descriptor?.Kind is null or BertModel.Kind
                ? BertModel.Read(directory, graph, descriptor)
                : throw Unavailable($"{directory} holds a model of kind '{descriptor.Kind}', which this version of Quiver does not run: the only kind is {BertModel.Kind}.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or FormatException)
        {
            throw Unavailable($"The model in {directory} cannot be read: {e.Message} Replace the directory by a complete one.", e);
        }
    }

    internal static PermanentException Unavailable(string message, Exception? inner = null) => new(ErrorCodes.ModelUnavailable, message, inner);

    private static ModelDescriptor? ReadDescriptor(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        var descriptor = JsonSerializer.Deserialize(File.ReadAllBytes(path), ModelDescriptorJson.Default.ModelDescriptor);
        return descriptor is { Kind.Length: > 0, Name.Length: > 0, Revision.Length: > 0, Dimensions: > 0, MaxTokens: > 2, RecommendedChunkTokens: > 0, VocabularySize: > 0 }
            ? descriptor
            : throw new FormatException($"{path} lacks a field.");
    }
}
