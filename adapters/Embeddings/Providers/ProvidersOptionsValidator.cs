using Microsoft.Extensions.Options;
using Quiver.Adapters.Embeddings.OpenAI;

namespace Quiver.Adapters.Embeddings.Providers;

/// <summary>Reports all faults of the provider settings at once, each with what to change.</summary>
internal sealed class ProvidersOptionsValidator : IValidateOptions<ProvidersOptions>
{
    private const int MaxProviders = 64;
    private const int MaxModelLength = 256;
    private const int MaxPromptLength = 500;
    private const int MinTokens = 32;
    private static readonly TimeSpan MaxSoftTimeout = TimeSpan.FromSeconds(20);

    public ValidateOptionsResult Validate(string? name, ProvidersOptions options)
    {
        var faults = options.Providers.SelectMany(entry => FindFaults(entry.Key, entry.Value)).ToList();
        if (options.Providers.Count > MaxProviders)
        {
            faults.Add($"Quiver:Providers has {options.Providers.Count} providers: keep at most {MaxProviders}.");
        }

        if (options.Providers.Count(entry => entry.Value.Kind == ProviderKinds.Onnx) > 1)
        {
            faults.Add("Quiver:Providers has more than one provider of kind onnx: there is one local model, keep one of them.");
        }

        if (options.DefaultName != options.LocalName && !options.Providers.ContainsKey(options.DefaultName))
        {
            var names = options.Providers.Keys.Append(options.LocalName).Distinct();
            faults.Add($"Quiver:Embedding:DefaultProvider is '{options.DefaultName}': set it to one of {string.Join(", ", names)}.");
        }

        if (faults.Count == 0)
        {
            faults.AddRange(FindSameModels(options));
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    /// <summary>The faults of one provider's settings.</summary>
    internal static IEnumerable<string> FindFaults(string name, ProviderOptions options)
    {
        var at = $"Quiver:Providers:{name}";
        if (!NameValidator.IsValid(name))
        {
            return [$"'{name}' in Quiver:Providers is not a valid provider name: use 1 to {NameValidator.MaxLength} letters, digits, '.', '_' or '-'."];
        }

        return options.Kind switch
        {
            ProviderKinds.Onnx => [],
            ProviderKinds.OpenAI when OpenAIPresets.Find(options.Preset) is { } preset => FindFaults(at, options, preset),
            ProviderKinds.OpenAI => [$"{at}:Preset is '{options.Preset}': set it to one of {string.Join(", ", OpenAIPresets.Names)}."],
            _ => [$"{at}:Kind is '{options.Kind}': set it to {ProviderKinds.OpenAI} or {ProviderKinds.Onnx}."],
        };
    }

    /// <summary>A collection is bound to its model only, so two providers of the same model would be ambiguous.</summary>
    private static IEnumerable<string> FindSameModels(ProvidersOptions options) =>
        from entry in options.Providers
        where entry.Value.Kind == ProviderKinds.OpenAI
        group entry.Key by ProviderFactory.ModelOf(entry.Value).Id into same
        where same.Count() > 1
        select $"The providers {string.Join(" and ", same)} have the same model {same.Key}: "
            + "keep one of them, or set a different Quiver:Providers:NAME:Revision for each.";

    private static List<string> FindFaults(string at, ProviderOptions options, OpenAIPreset preset)
    {
        List<string> faults = [];
        var maxTokens = options.MaxTokensPerInput ?? preset.MaxTokensPerInput;
        var maxTextTokens = maxTokens - ProviderFactory.PromptTokens(options);
        Require(!string.IsNullOrWhiteSpace(options.Model) && options.Model.Length <= MaxModelLength, "Model", options.Model, "the model's name at the service");
        Range("Dimensions", options.Dimensions, 1, 65_536);
        Require(
            (options.BaseAddress ?? preset.BaseAddress) is { } address && IsHttp(address),
            "BaseAddress",
            WithoutSecrets(options.BaseAddress),
            "the service's address, beginning with https:// or http:// and without a key in it");
        Require(options.Revision is null || NameValidator.IsValid(options.Revision), "Revision", options.Revision, "1 to 64 letters, digits, '.', '_' or '-'");
        Require(options.Encoding is null or "base64" or "float", "Encoding", options.Encoding, "base64 or float");
        Require(!options.SendDimensions || preset.DimensionsMember is not null, "SendDimensions", options.SendDimensions, $"false: {options.Preset} has no member for it");
        Prompt("DocumentPrompt", options.DocumentPrompt);
        Prompt("QueryPrompt", options.QueryPrompt);
        Require(options.Tokenizer is null || File.Exists(options.Tokenizer), "Tokenizer", options.Tokenizer, "a vocab.txt that exists, or remove it");
        Require(options.PricePerMillionTokens >= 0, "PricePerMillionTokens", options.PricePerMillionTokens, "0 or more");
        Require(options.Headers.All(header => IsHeader(header.Key, header.Value)), "Headers", "invalid", "names and values that HTTP allows, without Content-Type");
        Members("Body", options.Body);
        Members("QueryBody", options.QueryBody);
        Range("MaxTokensPerInput", maxTokens, MinTokens, 1 << 20);
        Range("MaxInputs", options.MaxInputs ?? preset.MaxInputs, 1, 10_000);
        Range("MaxTokensPerRequest", options.MaxTokensPerRequest ?? Math.Max(preset.MaxTokensPerRequest, maxTokens), maxTokens, int.MaxValue);
        Range("ChunkTokens", options.ChunkTokens ?? Math.Min(ProviderFactory.DefaultChunkTokens, maxTextTokens), 8, maxTextTokens);
        Range("RequestsPerMinute", options.RequestsPerMinute ?? 1, 1, int.MaxValue);
        Range("TokensPerMinute", options.TokensPerMinute ?? int.MaxValue, 2 * maxTokens, int.MaxValue);
        Range("MaxConcurrency", options.MaxConcurrency, 1, 1024);
        Range("Attempts", options.Attempts, 1, 10);
        Range("FailuresToOpen", options.FailuresToOpen, 1, 1000);
        Between("SoftTimeout", options.SoftTimeout, TimeSpan.FromMilliseconds(100), MaxSoftTimeout);
        Between("HardTimeout", options.HardTimeout, options.SoftTimeout, TimeSpan.FromMinutes(10));
        Between("BreakDuration", options.BreakDuration, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(10));
        return faults;

        void Require(bool holds, string setting, object? value, string expected)
        {
            if (!holds)
            {
                faults.Add($"{at}:{setting} is '{value}': set it to {expected}.");
            }
        }

        void Members(string setting, IDictionary<string, string> body) =>
            Require(!body.Keys.Any(RequestWriter.IsOwnMember), setting, string.Join(", ", body.Keys), "members that Quiver does not write itself");

        void Prompt(string setting, string? prompt) => Require(
            prompt is null || (prompt.Length <= MaxPromptLength && maxTextTokens >= MinTokens),
            setting,
            prompt?.Length <= MaxPromptLength ? prompt : "too long",
            $"at most {MaxPromptLength} characters that leave {MinTokens} of the {maxTokens} tokens of a text");

        void Range(string setting, int value, int min, int max) => Require(value >= min && value <= max, setting, value, $"a number from {min} to {max}");

        void Between(string setting, TimeSpan value, TimeSpan min, TimeSpan max) =>
            Require(value >= min && value <= max, setting, value, $"a time from {min} to {max}");
    }

    // The address may contain a key.
    private static string? WithoutSecrets(string? address) => address?.AsSpan().ContainsAny('@', '?') == true ? "one with more than host and path" : address;

    private static bool IsHttp(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.UserInfo.Length == 0 && uri.Query.Length == 0;

    private static bool IsHeader(string name, string value)
    {
        using var probe = new HttpRequestMessage();
        return probe.Headers.TryAddWithoutValidation(name, value) && !value.AsSpan().ContainsAny('\r', '\n');
    }
}
