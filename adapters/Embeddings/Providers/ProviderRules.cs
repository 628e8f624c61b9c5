using System.Security.Cryptography;
using System.Text;
using Quiver.Adapters.Embeddings.OpenAI;
using Quiver.Core.Embedding;

namespace Quiver.Adapters.Embeddings.Providers;

/// <summary>What a provider's settings must be like, and the model that they describe.</summary>
internal static class ProviderRules
{
    private const int RevisionLength = 16;
    private const int DefaultChunkTokens = 256;
    private static readonly TimeSpan LongestSoftTimeout = TimeSpan.FromSeconds(20);

    /// <summary>What is wrong, a sentence each.</summary>
    public static IEnumerable<string> FindFaults(string name, ProviderOptions options)
    {
        var at = $"Quiver:Providers:{name}";
        if (!NameValidator.IsValid(name))
        {
            return [$"'{name}' in Quiver:Providers is no name for a provider: use 1 to {NameValidator.MaxLength} letters, digits, '.', '_' or '-'."];
        }

        return options.Kind switch
        {
            ProviderKinds.Onnx => [],
            ProviderKinds.OpenAI when OpenAIPresets.Find(options.Preset) is { } preset => FindFaults(at, options, preset),
            ProviderKinds.OpenAI => [$"{at}:Preset is '{options.Preset}': set it to one of {string.Join(", ", OpenAIPresets.Names)}."],
            _ => [$"{at}:Kind is '{options.Kind}': set it to {ProviderKinds.OpenAI} or {ProviderKinds.Onnx}."],
        };
    }

    /// <summary>The model: the same for the same weights wherever they are served.</summary>
    public static EmbeddingModelInfo ModelOf(ProviderOptions options)
    {
        var maxTokens = options.MaxTokensPerInput ?? OpenAIPresets.Find(options.Preset)!.MaxTokensPerInput;
        return new(Slug(options.Model), options.Revision ?? Revision(options), options.Dimensions, maxTokens, options.ChunkTokens ?? Math.Min(DefaultChunkTokens, maxTokens));
    }

    /// <summary>What distinguishes the ways to ask for search queries; null where they are sent as documents are.</summary>
    public static string? QueryRevision(OpenAISettings settings) => settings.SeparatesQueries ? Hash(Lines(settings.QueryBody)) : null;

    private static List<string> FindFaults(string at, ProviderOptions options, OpenAIPreset preset)
    {
        List<string> faults = [];
        var maxTokens = options.MaxTokensPerInput ?? preset.MaxTokensPerInput;
        Require(!string.IsNullOrWhiteSpace(options.Model) && options.Model.Length <= 256, "Model", options.Model, "the model's name at the service");
        Range("Dimensions", options.Dimensions, 1, 65_536);
        Require((options.BaseAddress ?? preset.BaseAddress) is { } address && IsHttp(address), "BaseAddress", Shown(options.BaseAddress), "the service's address, beginning with https:// or http:// and without a key in it");
        Require(options.Revision is null || NameValidator.IsValid(options.Revision), "Revision", options.Revision, "1 to 64 letters, digits, '.', '_' or '-'");
        Require(options.Encoding is null or "base64" or "float", "Encoding", options.Encoding, "base64 or float");
        Require(options.Tokenizer is null || File.Exists(options.Tokenizer), "Tokenizer", options.Tokenizer, "a vocab.txt that exists, or leave it out");
        Require(options.PricePerMillionTokens >= 0, "PricePerMillionTokens", options.PricePerMillionTokens, "0 or more");
        Require(options.Headers.All(header => IsHeader(header.Key, header.Value)), "Headers", "not usable", "names and values that HTTP allows, without Content-Type");
        Members("Body", options.Body);
        Members("QueryBody", options.QueryBody);
        Range("MaxTokensPerInput", maxTokens, 32, 1 << 20);
        Range("MaxInputs", options.MaxInputs ?? preset.MaxInputs, 1, 10_000);
        Range("MaxTokensPerRequest", options.MaxTokensPerRequest ?? Math.Max(preset.MaxTokensPerRequest, maxTokens), maxTokens, int.MaxValue);
        Range("ChunkTokens", options.ChunkTokens ?? Math.Min(DefaultChunkTokens, maxTokens), 8, maxTokens);
        Range("RequestsPerMinute", options.RequestsPerMinute ?? 1, 1, int.MaxValue);
        Range("TokensPerMinute", options.TokensPerMinute ?? int.MaxValue, 2 * maxTokens, int.MaxValue);
        Range("MaxConcurrency", options.MaxConcurrency, 1, 1024);
        Range("Attempts", options.Attempts, 1, 10);
        Range("FailuresToOpen", options.FailuresToOpen, 1, 1000);
        Between("SoftTimeout", options.SoftTimeout, TimeSpan.FromMilliseconds(100), LongestSoftTimeout);
        Between("HardTimeout", options.HardTimeout, options.SoftTimeout, TimeSpan.FromMinutes(10));
        Between("BreakDuration", options.BreakDuration, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(10));
        return faults;

        void Require(bool holds, string setting, object? value, string wanted)
        {
            if (!holds)
            {
                faults.Add($"{at}:{setting} is '{value}': set it to {wanted}.");
            }
        }

        void Members(string setting, IDictionary<string, string> body) =>
            Require(!body.Keys.Any(RequestWriter.IsOwnMember), setting, string.Join(", ", body.Keys), "members that Quiver does not write itself");

        void Range(string setting, int value, int least, int most) => Require(value >= least && value <= most, setting, value, $"a number from {least} to {most}");

        void Between(string setting, TimeSpan value, TimeSpan least, TimeSpan most) => Require(value >= least && value <= most, setting, value, $"a time from {least} to {most}");
    }

    // A key may have been put into it.
    private static string? Shown(string? address) => address?.AsSpan().ContainsAny('@', '?') == true ? "one with more than host and path" : address;

    private static bool IsHttp(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.UserInfo.Length == 0 && uri.Query.Length == 0;

    private static bool IsHeader(string name, string value)
    {
        using var probe = new HttpRequestMessage();
        return probe.Headers.TryAddWithoutValidation(name, value) && !value.AsSpan().ContainsAny('\r', '\n');
    }

    /// <summary>The model's name in the characters that names of collections may have.</summary>
    private static string Slug(string model)
    {
        var folded = string.Concat(model.ToLowerInvariant().Select(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '_' ? character : '-')).Trim('-', '.', '_');
        return folded.Length == 0 ? "model" : folded[..Math.Min(folded.Length, 40)];
    }

    private static string Revision(ProviderOptions options) => Hash([options.Model, $"{options.Dimensions}", .. Lines(options.Body)]);

    private static IEnumerable<string> Lines(IEnumerable<KeyValuePair<string, string>> body) =>
        body.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => $"{entry.Key}={entry.Value}");

    private static string Hash(IEnumerable<string> lines) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', lines))))[..RevisionLength];
}
