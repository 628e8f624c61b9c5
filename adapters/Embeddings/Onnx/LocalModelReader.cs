using System.Security.Cryptography;
using System.Text.Json.Serialization;
using System.Text.Json;
using Quiver.Core.Embedding.Tokenization;
using Quiver.Core.Embedding;

namespace Quiver.Adapters.Embeddings.Onnx;

/// <summary>Reads a model directory.</summary>
internal static class LocalModelReader
{
    private const string GraphFile = "model.onnx";
    private const string DescriptorFile = "model.json";

    /// <summary>Reads everything except the weights.</summary>
    /// <param name="modelPath">The model's directory, or the name of a model in this build.</param>
    /// <exception cref="PermanentException">Code <see cref="ErrorCodes.ModelUnavailable"/>: a file is missing or malformed.</exception>
    public static LocalModel Read(string modelPath)
    {
        var directory = LocalModelFolders.Resolve(modelPath);
        var graph = Path.Combine(directory, GraphFile);
        if (!File.Exists(graph))
        {
            throw Unavailable(
                $"There is no model at {graph}: run `dotnet build silo`, which creates the default model, or set {OnnxOptions.Section}:ModelPath to a model directory.");
        }

        try
        {
            var descriptor = ReadDescriptor(Path.Combine(directory, DescriptorFile));
            return descriptor?.Kind is null or BertModel.Kind
                ? BertModel.Read(directory, graph, descriptor)
                : throw Unavailable(
                    $"{directory} has a model of kind '{descriptor.Kind}', which this version of Quiver does not support: the only kind is {BertModel.Kind}.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException or FormatException)
        {
            throw Unavailable($"The model in {directory} cannot be read: {exception.Message} Replace the directory with a complete one.", exception);
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

/// <summary>A BERT-style sentence transformer exported to ONNX: vocab.txt and config.json next to the graph.</summary>
internal static class BertModel
{
    public const string Kind = "bert";
    private const int MaxRecommendedTokens = 128;
    private const int SpecialTokens = 2;
    private const int MinTokens = 8;
    private const int RevisionLength = 16;

    public static LocalModel Read(string directory, string graph, ModelDescriptor? descriptor)
    {
        var vocabularyPath = Path.Combine(directory, "vocab.txt");
        var vocabulary = File.ReadAllLines(vocabularyPath);
        if (descriptor is not null && descriptor.VocabularySize != vocabulary.Length)
        {
            throw new FormatException($"vocab.txt has {vocabulary.Length} lines and model.json says {descriptor.VocabularySize}: the files do not match.");
        }

        using var tokenizerConfig = Open(Path.Combine(directory, "tokenizer_config.json"));
        var tokenizer = new WordPieceTokenizer(vocabulary, new WordPieceOptions(
            Flag(tokenizerConfig, "do_lower_case"), Flag(tokenizerConfig, "tokenize_chinese_chars")));
        var (pooling, prompts) = descriptor is null
            ? (SentenceTransformerFiles.ReadPooling(directory), SentenceTransformerFiles.ReadPrompts(directory))
            : (SentenceTransformerFiles.ParsePooling(descriptor.Pooling), new ModelPrompts(descriptor.QueryPrompt, descriptor.DocumentPrompt));
        var stated = descriptor is null
            ? Describe(directory, graph, vocabularyPath, tokenizerConfig)
            : new EmbeddingModelInfo(descriptor.Name, descriptor.Revision, descriptor.Dimensions, descriptor.MaxTokens, descriptor.RecommendedChunkTokens);

        // A text within the limit fits with either prompt.
        var promptTokens = Math.Max(tokenizer.CountTokens(prompts.Query), tokenizer.CountTokens(prompts.Document)) - SpecialTokens;
        if (stated.MaxTokens - promptTokens < MinTokens)
        {
            throw new FormatException($"its prompts take {promptTokens} of its {stated.MaxTokens} tokens.");
        }

        var info = stated with
        {
            Revision = prompts.Revision(stated.Revision, pooling),
            MaxTokens = stated.MaxTokens - promptTokens,
            RecommendedChunkTokens = Math.Min(stated.RecommendedChunkTokens, stated.MaxTokens - promptTokens),
            QueryRevision = prompts.QueryRevision,
        };
        return new LocalModel(info, tokenizer, graph, vocabulary.Length, stated.MaxTokens, pooling, prompts);
    }

    private static EmbeddingModelInfo Describe(string directory, string graph, string vocabulary, JsonDocument? tokenizerConfig)
    {
        using var config = Open(Path.Combine(directory, "config.json"))
            ?? throw new FileNotFoundException("config.json is missing; it contains the dimensions (hidden_size).");
        using var sentences = Open(Path.Combine(directory, "sentence_bert_config.json"));
        var dimensions = Number(config, "hidden_size") ?? throw new FormatException("config.json lacks hidden_size.");
        var maxTokens = new[] { Number(config, "max_position_embeddings"), Number(tokenizerConfig, "model_max_length"), Number(sentences, "max_seq_length") }
            .Min() ?? throw new FormatException("config.json lacks max_position_embeddings.");
        return new EmbeddingModelInfo(Name(directory), Revision(graph, vocabulary), dimensions, maxTokens, Math.Clamp(maxTokens / 2, 1, MaxRecommendedTokens));
    }

    private static string Revision(string graph, string vocabulary)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 20];
        foreach (var path in new[] { graph, vocabulary })
        {
            using var stream = File.OpenRead(path);
            for (var read = stream.Read(buffer); read > 0; read = stream.Read(buffer))
            {
                hash.AppendData(buffer.AsSpan(0, read));
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..RevisionLength];
    }

    /// <summary>The directory's name, with the characters that a collection name allows.</summary>
    private static string Name(string directory)
    {
        var name = new DirectoryInfo(directory).Name.ToLowerInvariant();
        var folded = string.Concat(name.Select(character => char.IsAsciiLetterOrDigit(character) ? character : '-')).Trim('-');
        return folded.Length == 0 ? Kind : folded;
    }

    private static JsonDocument? Open(string path) => File.Exists(path) ? JsonDocument.Parse(File.ReadAllBytes(path)) : null;

    private static bool Flag(JsonDocument? document, string name) =>
        document is null || !document.RootElement.TryGetProperty(name, out var value) || value.ValueKind != JsonValueKind.False;

    /// <summary>A number that fits an int; exports write 1e30 for "no limit".</summary>
    private static int? Number(JsonDocument? document, string name) =>
        document is not null && document.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number)
            ? number
            : null;
}

/// <summary>The files of a sentence-transformers export that define pooling and prompts. Each may be missing.</summary>
internal static class SentenceTransformerFiles
{
    private const string PoolingFile = "1_Pooling/config.json";
    private const string PromptsFile = "config_sentence_transformers.json";

    /// <summary>The pooling of <c>1_Pooling/config.json</c>; the mean where there is none.</summary>
    /// <exception cref="FormatException">Quiver does not support it.</exception>
    public static Pooling ReadPooling(string directory)
    {
        using var document = Open(directory, PoolingFile);
        if (document is null)
        {
            return Pooling.Mean;
        }

        var modes = document.RootElement.EnumerateObject()
            .Where(static property => property.Name.StartsWith("pooling_mode_", StringComparison.Ordinal) && property.Value.ValueKind == JsonValueKind.True)
            .Select(static property => property.Name).ToArray();
        if (document.RootElement.TryGetProperty("include_prompt", out var included)
            && included.ValueKind == JsonValueKind.False
            && ReadPrompts(directory) != ModelPrompts.None)
        {
            throw new FormatException($"{PoolingFile} excludes the prompt from the pooling (include_prompt), which Quiver does not support.");
        }

        return modes switch
        {
            [] or ["pooling_mode_mean_tokens"] => Pooling.Mean,
            ["pooling_mode_cls_token"] => Pooling.Cls,
            _ => throw new FormatException(
                $"{PoolingFile} asks for {string.Join(" and ", modes)}; Quiver supports one of pooling_mode_mean_tokens and pooling_mode_cls_token."),
        };
    }

    /// <summary>The prompts of <c>config_sentence_transformers.json</c>.</summary>
    public static ModelPrompts ReadPrompts(string directory)
    {
        using var document = Open(directory, PromptsFile);
        if (document is null || !document.RootElement.TryGetProperty("prompts", out var prompts) || prompts.ValueKind != JsonValueKind.Object)
        {
            return ModelPrompts.None;
        }

        var usual = document.RootElement.TryGetProperty("default_prompt_name", out var name) && name.ValueKind == JsonValueKind.String
            ? Find(prompts, name.GetString()!)
            : null;
        return new ModelPrompts(
            Find(prompts, "query") ?? usual ?? "",
            Find(prompts, "document") ?? Find(prompts, "passage") ?? Find(prompts, "corpus") ?? usual ?? "");
    }

    /// <exception cref="FormatException">Quiver does not support it.</exception>
    public static Pooling ParsePooling(string name) => name switch
    {
        "mean" => Pooling.Mean,
        "cls" => Pooling.Cls,
        _ => throw new FormatException($"model.json asks for the pooling '{name}'; Quiver supports mean and cls."),
    };

    private static string? Find(JsonElement prompts, string name) =>
        prompts.TryGetProperty(name, out var prompt) && prompt.ValueKind == JsonValueKind.String ? prompt.GetString() : null;

    private static JsonDocument? Open(string directory, string file) =>
        Path.Combine(directory, file) is var path && File.Exists(path) ? JsonDocument.Parse(File.ReadAllBytes(path)) : null;
}

/// <summary>The file model.json of a model directory.</summary>
/// <param name="Kind"><c>bert</c>.</param>
/// <param name="Name">The model's name.</param>
/// <param name="Revision">Distinguishes graphs and vocabularies of the same name.</param>
/// <param name="Dimensions">Numbers in a vector.</param>
/// <param name="MaxTokens">Maximum tokens of a text, special tokens and prompts included.</param>
/// <param name="RecommendedChunkTokens">Recommended size of a chunk.</param>
/// <param name="VocabularySize">Ids are below this.</param>
/// <param name="Pooling"><c>mean</c> or <c>cls</c>.</param>
/// <param name="QueryPrompt">The prompt before a search query.</param>
/// <param name="DocumentPrompt">The prompt before a chunk of a document.</param>
internal sealed record ModelDescriptor(
    string Kind,
    string Name,
    string Revision,
    int Dimensions,
    int MaxTokens,
    int RecommendedChunkTokens,
    int VocabularySize,
    string Pooling = "mean",
    string QueryPrompt = "",
    string DocumentPrompt = "");

/// <summary>Reads model.json; source-generated, because the first command of a process waits for it.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ModelDescriptor))]
internal sealed partial class ModelDescriptorJson : JsonSerializerContext;
