using System.Text.Json;

namespace Quiver.Adapters.Embeddings.Onnx;

/// <summary>The files beside an export of sentence-transformers that say how its vectors are made. Each may be missing.</summary>
internal static class SentenceTransformerFiles
{
    private const string PoolingFile = "1_Pooling/config.json";
    private const string PromptsFile = "config_sentence_transformers.json";

    /// <summary>The pooling: the mean, unless <c>1_Pooling/config.json</c> says otherwise.</summary>
    /// <exception cref="FormatException">It says something that Quiver does not do.</exception>
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
        if (document.RootElement.TryGetProperty("include_prompt", out var included) && included.ValueKind == JsonValueKind.False && ReadPrompts(directory) != ModelPrompts.None)
        {
            throw new FormatException($"{PoolingFile} leaves the prompt out of the pooling (include_prompt), which Quiver cannot.");
        }

        return modes switch
        {
            [] or ["pooling_mode_mean_tokens"] => Pooling.Mean,
            ["pooling_mode_cls_token"] => Pooling.Cls,
            _ => throw new FormatException($"{PoolingFile} asks for {string.Join(" and ", modes)}; Quiver knows pooling_mode_mean_tokens and pooling_mode_cls_token, one of them."),
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

    /// <summary>The pooling of a name.</summary>
    /// <exception cref="FormatException">There is none of that name.</exception>
    public static Pooling ParsePooling(string name) => name switch
    {
        "mean" => Pooling.Mean,
        "cls" => Pooling.Cls,
        _ => throw new FormatException($"model.json asks for the pooling '{name}'; Quiver knows mean and cls."),
    };

    private static string? Find(JsonElement prompts, string name) =>
        prompts.TryGetProperty(name, out var prompt) && prompt.ValueKind == JsonValueKind.String ? prompt.GetString() : null;

    private static JsonDocument? Open(string directory, string file) =>
        Path.Combine(directory, file) is var path && File.Exists(path) ? JsonDocument.Parse(File.ReadAllBytes(path)) : null;
}
