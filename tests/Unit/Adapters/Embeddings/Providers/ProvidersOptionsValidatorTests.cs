
using Quiver.Adapters.Embeddings.Providers;

namespace Quiver.Tests.Unit.Adapters.Embeddings.Providers;

public sealed class ProvidersOptionsValidatorTests
{
    public static TheoryData<string, Action<ProviderOptions>> Faults => new()
    {
        { "Kind", options => options.Kind = "llama" },
        { "Preset", options => options.Preset = "acme" },
        { "Model", options => options.Model = " " },
        { "Dimensions", options => options.Dimensions = 0 },
        { "BaseAddress", options => options.BaseAddress = "ftp://example.org" },
        { "BaseAddress", options => options.BaseAddress = "https://user:secret@example.org" },
        { "BaseAddress", options => options.Preset = "tei" },
        { "Revision", options => options.Revision = "a b" },
        { "Encoding", options => options.Encoding = "hex" },
        { "SendDimensions", options => (options.Preset, options.SendDimensions) = ("cohere", true) },
        { "DocumentPrompt", options => options.DocumentPrompt = new string('a', 501) },
        { "QueryPrompt", options => (options.QueryPrompt, options.MaxTokensPerInput, options.ChunkTokens) = ("query: ", 34, 8) },
        { "Tokenizer", options => options.Tokenizer = "/nowhere/vocab.txt" },
        { "PricePerMillionTokens", options => options.PricePerMillionTokens = -1 },
        { "Headers", options => options.Headers["bad name"] = "x" },
        { "Body", options => options.Body["input"] = "x" },
        { "Body", options => options.Body["INPUT"] = "x" },
        { "QueryBody", options => options.QueryBody["model"] = "x" },
        { "MaxInputs", options => options.MaxInputs = 0 },
        { "MaxTokensPerRequest", options => options.MaxTokensPerRequest = 100 },
        { "ChunkTokens", options => options.ChunkTokens = 9000 },
        { "TokensPerMinute", options => options.TokensPerMinute = 8192 },
        { "RequestsPerMinute", options => options.RequestsPerMinute = 0 },
        { "MaxConcurrency", options => options.MaxConcurrency = 0 },
        { "SoftTimeout", options => options.SoftTimeout = TimeSpan.FromSeconds(21) },
        { "HardTimeout", options => options.HardTimeout = TimeSpan.FromSeconds(1) },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Setting_OutOfRange_IsNamedWithWhatToDo(string setting, Action<ProviderOptions> change)
    {
        var options = Valid();
        change(options.Providers["p"]);

        var result = new ProvidersOptionsValidator().Validate(null, options);

        var fault = Assert.Single(result.Failures!);
        Assert.StartsWith($"Quiver:Providers:p:{setting} is ", fault, StringComparison.Ordinal);
        Assert.Contains("set it to", fault, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Presets_WithAModel_AreValid() => Assert.All(OpenAIPresets.Names, preset =>
        Assert.Empty(ProvidersOptionsValidator.FindFaults("p", new ProviderOptions { Preset = preset, Model = "m", Dimensions = 8, BaseAddress = "https://example.org" })));

    [Fact]
    public void Default_Unknown_IsRefusedWithTheChoice()
    {
        var options = Valid();
        options.Embedding.DefaultProvider = "other";

        Assert.Contains("p, local", Assert.Single(new ProvidersOptionsValidator().Validate(null, options).Failures!), StringComparison.Ordinal);
    }

    [Fact]
    public void Providers_OfTheSameModel_AreRefusedUntilToldApart()
    {
        var options = Valid();
        options.Providers["q"] = new ProviderOptions { Model = "m", Dimensions = 8, BaseAddress = "https://elsewhere.example.org" };

        Assert.Contains("same model", Assert.Single(new ProvidersOptionsValidator().Validate(null, options).Failures!), StringComparison.Ordinal);
        options.Providers["q"].Revision = "other-weights";
        Assert.True(new ProvidersOptionsValidator().Validate(null, options).Succeeded);
    }

    [Fact]
    public void Model_WithAnotherPromptForDocuments_IsAnother()
    {
        static string Id(string? document, string? query) =>
            ProviderFactory.ModelOf(new ProviderOptions { Model = "m", Dimensions = 8, DocumentPrompt = document, QueryPrompt = query }).Id;

        Assert.Equal(Id(null, null), Id("", "query: "));
        Assert.NotEqual(Id(null, null), Id("passage: ", null));
    }

    [Fact]
    public void Model_OfTheSameWeights_IsTheSameWhereverItIsServed()
    {
        var here = ProviderFactory.ModelOf(new ProviderOptions { Model = "BAAI/bge-m3", Dimensions = 1024, Preset = "tei", BaseAddress = "http://a" });
        var there = ProviderFactory.ModelOf(new ProviderOptions { Model = "BAAI/bge-m3", Dimensions = 1024, Preset = "vllm", BaseAddress = "http://b" });

        Assert.Equal(here.Id, there.Id);
        Assert.StartsWith("baai-bge-m3@", here.Id, StringComparison.Ordinal);
    }

    private static ProvidersOptions Valid() => new() { Providers = { ["p"] = new ProviderOptions { Model = "m", Dimensions = 8 } } };
}
