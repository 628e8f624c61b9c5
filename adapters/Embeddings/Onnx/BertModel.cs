using System.Security.Cryptography;
using System.Text.Json;
using Quiver.Core.Embedding;
using Quiver.Core.Embedding.Tokenization;

namespace Quiver.Adapters.Embeddings.Onnx;

/// <summary>A BERT-style sentence transformer as exported to ONNX: vocab.txt and config.json beside the graph.</summary>
internal static class BertModel
{
    public const string Kind = "bert";
    private const int MaxRecommendedTokens = 128;
    private const int SpecialTokens = 2;
    private const int LeastTokens = 8;
    private const int RevisionLength = 16;

    public static LocalModel Read(string directory, string graph, ModelDescriptor? descriptor)
    {
        var vocabularyPath = Path.Combine(directory, "vocab.txt");
        var vocabulary = File.ReadAllLines(vocabularyPath);
        if (descriptor is not null && descriptor.VocabularySize != vocabulary.Length)
        {
            throw new FormatException($"vocab.txt has {vocabulary.Length} lines and model.json says {descriptor.VocabularySize}: the files do not belong together.");
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

        // A text that fits without a prompt fits with either of them.
        var promptTokens = Math.Max(tokenizer.CountTokens(prompts.Query), tokenizer.CountTokens(prompts.Document)) - SpecialTokens;
        if (stated.MaxTokens - promptTokens < LeastTokens)
        {
            throw new FormatException($"its prompts have {promptTokens} of the {stated.MaxTokens} tokens that it takes.");
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
            ?? throw new FileNotFoundException("config.json is missing; it names the vector's length (hidden_size).");
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

    /// <summary>The directory's name in the characters that a collection's name may have.</summary>
    private static string Name(string directory)
    {
        var name = new DirectoryInfo(directory).Name.ToLowerInvariant();
        var folded = string.Concat(name.Select(character => char.IsAsciiLetterOrDigit(character) ? character : '-')).Trim('-');
        return folded.Length == 0 ? Kind : folded;
    }

    private static JsonDocument? Open(string path) => File.Exists(path) ? JsonDocument.Parse(File.ReadAllBytes(path)) : null;

    private static bool Flag(JsonDocument? document, string name) =>
        document is null || !document.RootElement.TryGetProperty(name, out var value) || value.ValueKind != JsonValueKind.False;

    /// <summary>A number that fits; exports write 1e30 for "no limit".</summary>
    private static int? Number(JsonDocument? document, string name) =>
        document is not null && document.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number)
            ? number
            : null;
}
