using System.Text.Json;
using Quiver.Adapters.Embeddings.OpenAI;
using Quiver.Adapters.Embeddings.Providers;
using Quiver.Core.Embedding;
using Quiver.Tests.Support.Providers;

namespace Quiver.Tests.Integration.Embeddings.OpenAI;

/// <summary>The requests sent, and the use of correct answers.</summary>
public sealed class OpenAIRequestTests
{
    private static readonly string[] Texts = ["one", "two words", "Grüße, 世界 🎯", "a lone \ud800 surrogate"];

    public static TheoryData<string, string, string, bool> Services => new()
    {
        { "openai", "/v1/embeddings", "Authorization", true },
        { "azure", "/v1/openai/deployments/scripted/embeddings?api-version=2024-10-21", "api-key", true },
        { "tei", "/v1/embeddings", "Authorization", true },
        { "ollama", "/v1/embeddings", "Authorization", false },
        { "vllm", "/v1/embeddings", "Authorization", true },
        { "mistral", "/v1/embeddings", "Authorization", false },
        { "voyage", "/v1/embeddings", "Authorization", true },
        { "jina", "/v1/embeddings", "Authorization", false },
        { "gemini", "/v1/embeddings", "Authorization", false },
        { "lmstudio", "/v1/embeddings", "Authorization", false },
    };

    [Theory]
    [MemberData(nameof(Services))]
    public async Task Request_OfEachPreset_GoesWhereAndAsTheServiceWantsIt(string preset, string target, string keyHeader, bool base64)
    {
        await using var rig = await ProviderRig.StartAsync(options => (options.Preset, options.ApiKey, options.SendDimensions) = (preset, " sk-secret\n", true));
        rig.Service.Key = "sk-secret";

        var answer = await rig.EmbedAsync(Texts[..3]);

        ProviderRig.AssertRight(Texts[..3], answer);
        var request = Assert.Single(rig.Service.Requests);
        Assert.Equal(target, request.Target);
        Assert.Contains("sk-secret", request.Headers[keyHeader], StringComparison.Ordinal);
        Assert.Equal(base64, request.WantsBase64);
        using var body = JsonDocument.Parse(request.Body);
        Assert.Equal("scripted", body.RootElement.GetProperty("model").GetString());
        Assert.Equal(8, body.RootElement.GetProperty(preset is "mistral" or "voyage" ? "output_dimension" : "dimensions").GetInt32());
        Assert.Equal(preset == "voyage", body.RootElement.TryGetProperty("truncation", out var truncation) && !truncation.GetBoolean());
    }

    [Fact]
    public async Task Request_HeadersAndBodyOfTheSettings_AreSent()
    {
        await using var rig = await ProviderRig.StartAsync(options =>
        {
            options.Headers["X-Project"] = "quiver";
            options.Body["input_type"] = "document";
            options.Body["late_chunking"] = "true";
            options.Body["word"] = "null";
            options.Body["nothing"] = null!;
        });

        await rig.EmbedAsync(["a"]);

        var request = Assert.Single(rig.Service.Requests);
        Assert.Equal("quiver", request.Headers["X-Project"]);
        Assert.Contains("\"input_type\":\"document\"", request.Body, StringComparison.Ordinal);
        Assert.Contains("\"late_chunking\":true", request.Body, StringComparison.Ordinal);
        Assert.Contains("\"word\":null", request.Body, StringComparison.Ordinal);
        Assert.Contains("\"nothing\":null", request.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("voyage", "input_type", "document", "query")]
    [InlineData("jina", "task", "retrieval.passage", "retrieval.query")]
    public async Task Query_ToAModelThatTellsThemFromDocuments_IsSentAndKeptApart(string preset, string member, string ofDocuments, string ofQueries)
    {
        await using var rig = await ProviderRig.StartAsync(options =>
        {
            (options.Preset, options.ApiKey) = (preset, "sk");
            if (preset == "jina")
            {
                (options.Body[member], options.QueryBody[member]) = (ofDocuments, ofQueries);
            }
        });
        await rig.EmbedAsync(["a"]);

        await rig.AskAsync("a");
        await rig.AskAsync("a");
        await rig.EmbedAsync(["a"]);

        Assert.Equal([ofDocuments, ofQueries], rig.Service.Requests.Select(request => JsonDocument.Parse(request.Body).RootElement.GetProperty(member).GetString()));
        Assert.Equal(2, rig.Cache.Entries.Count);
    }

    [Fact]
    public async Task Azure_WithTheAddressOfItsNewerApi_HasTheModelInTheBodyOnly()
    {
        await using var rig = await ProviderRig.StartAsync(options =>
            (options.Preset, options.ApiKey, options.BaseAddress) = ("azure", "sk-secret", options.BaseAddress!.Replace("/v1", "/openai/v1", StringComparison.Ordinal)));

        await rig.EmbedAsync(["a"]);

        var request = Assert.Single(rig.Service.Requests);
        Assert.Equal(("/openai/v1/embeddings", "sk-secret"), (request.Target, request.Headers["api-key"]));
    }

    [Fact]
    public async Task Prompts_OfTheSettings_PrecedeDocumentsAndQueries()
    {
        await using var rig = await ProviderRig.StartAsync(options => (options.DocumentPrompt, options.QueryPrompt) = ("search_document: ", "search_query: "));

        await rig.EmbedAsync(["a"]);
        await rig.AskAsync("a");

        Assert.Equal(["search_document: a", "search_query: a"], rig.Service.Requests.Select(static request => Assert.Single(request.Texts)));
        Assert.Equal(2, rig.Cache.Entries.Count);
    }

    [Fact]
    public async Task Text_AtTheLimit_HasRoomForItsPrompt()
    {
        await using var rig = await ProviderRig.StartAsync(options => (options.MaxTokensPerInput, options.DocumentPrompt) = (64, "query: "));
        var tokenizer = rig.Provider.Model.Tokenizer;
        var text = new string('1', rig.Provider.Model.Info.MaxTokens - tokenizer.CountTokens(""));

        ProviderRig.AssertRight(["query: " + text], await rig.EmbedAsync([text]));

        Assert.InRange(tokenizer.CountTokens(Assert.Single(Assert.Single(rig.Service.Requests).Texts)), 60, 64);
    }

    [Fact]
    public async Task Query_SentInAnotherWayThanBefore_IsNotAnsweredByTheCache()
    {
        await using var before = await ProviderRig.StartAsync(options => options.QueryBody["task"] = "question");
        await before.AskAsync("a");
        await using var after = await ProviderRig.StartAsync(options => options.QueryBody["task"] = "search", cache: before.Cache);

        await after.AskAsync("a");

        Assert.Single(after.Service.Requests);
        Assert.Equal(before.Provider.Model.Info.Id, after.Provider.Model.Info.Id);
    }

    [Fact]
    public async Task Query_ToAnyOtherModel_TakesTheVectorOfTheDocument()
    {
        await using var rig = await ProviderRig.StartAsync();
        await rig.EmbedAsync(["a"]);

        ProviderRig.AssertRight(["a"], await rig.AskAsync("a"));

        Assert.Single(rig.Service.Requests);
    }

    [Fact]
    public async Task Request_LoneSurrogate_IsSentAsAReplacementCharacter()
    {
        await using var rig = await ProviderRig.StartAsync();

        await rig.EmbedAsync(Texts);

        Assert.Equal("a lone \ufffd surrogate", Assert.Single(rig.Service.Requests).Texts[3]);
    }

    [Fact]
    public async Task Call_AboveTheLimits_IsSplitByInputsAndTokens()
    {
        var texts = Enumerable.Range(0, 100).Select(i => $"{i} " + new string('x', i % 7 * 30)).ToArray();
        await using var rig = await ProviderRig.StartAsync(options => (options.MaxInputs, options.MaxTokensPerInput, options.MaxTokensPerRequest) = (16, 128, 256));

        var answer = await rig.EmbedAsync(texts);

        ProviderRig.AssertRight(texts, answer);
        var tokenizer = rig.Provider.Model.Tokenizer;
        Assert.All(rig.Service.Requests, request => Assert.True(request.Texts.Length <= 16 && request.Texts.Sum(text => tokenizer.CountTokens(text)) <= 256));
        Assert.Equal((rig.Service.Requests.Count, 100), (rig.Meter.Read().Total.Calls, rig.Meter.Read().Total.Texts));
        Assert.Equal((100, 0), EmbeddingUsage.Read(answer));
        Assert.Equal(rig.Service.Embedded.Sum(text => text.Split(' ').Length), answer.Usage!.InputTokenCount);
    }

    [Fact]
    public async Task Call_Repeated_IsAnsweredByTheCache()
    {
        await using var rig = await ProviderRig.StartAsync();
        await rig.EmbedAsync(["a", "b", "a"]);

        var again = await rig.EmbedAsync(["b", "a"]);

        Assert.Equal(["a", "b"], Assert.Single(rig.Service.Requests).Texts);
        Assert.Equal((0, 2), EmbeddingUsage.Read(again));
        Assert.Equal((1, 2), (rig.Meter.Read().Total.Calls, rig.Meter.Read().Total.Texts));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Answer_Unordered_IsPutInOrder(bool base64)
    {
        await using var rig = await ProviderRig.StartAsync(options => options.Encoding = base64 ? "base64" : "float");
        rig.Service.Answers(request => ProviderReply.Ok(request, items => items.Reverse()));

        ProviderRig.AssertRight(["a", "b", "c"], await rig.EmbedAsync(["a", "b", "c"]));
    }

    [Fact]
    public async Task Answer_InTheOtherForm_IsUnderstood()
    {
        await using var rig = await ProviderRig.StartAsync(options => options.Encoding = "base64");
        rig.Service.Answers(request => ProviderReply.Ok(request with { Body = "" }));

        ProviderRig.AssertRight(["a", "b"], await rig.EmbedAsync(["a", "b"]));
    }

    [Fact]
    public async Task Answer_NotNormalised_IsNormalised()
    {
        await using var rig = await ProviderRig.StartAsync();
        rig.Service.Answers(request => ProviderReply.Ok(
            request, items => items.Select(item => (item.Index, ProviderReply.Vector([.. Support.HashModel.Embed(request.Texts[item.Index]).Select(number => number * 7)], base64: true)))));

        ProviderRig.AssertRight(["a"], await rig.EmbedAsync(["a"]));
    }

    [Fact]
    public void Settings_AsText_HoldNoSecret()
    {
        var options = new ProviderOptions { Model = "m", Dimensions = 8, ApiKey = "sk-secret" };

        Assert.DoesNotContain("sk-secret", ProviderFactory.CreateSettings("p", options, _ => null).ToString(), StringComparison.Ordinal);
    }
}
