using Quiver.Tests.Support.Providers;

namespace Quiver.Tests.Integration.Embeddings.OpenAI;

/// <summary>Search in a collection that a provider embeds.</summary>
public sealed class ProviderSearchTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Search_AndTest_UseTheCollectionsProvider()
    {
        await using var silo = await ProviderSilo.StartAsync();
        await silo.IngestAsync(silo.Write(20));

        var hits = (await silo.Client().SearchAsync(ProviderSilo.Docs, new() { Query = "text number 7 of all", Limit = 1 }, Token)).Hits;
        var test = await silo.Client().TestProviderAsync("SCRIPTED", Token);
        var unknown = await Assert.ThrowsAsync<NotFoundException>(() => silo.Client().TestProviderAsync("unknown", Token));
        var listed = await silo.Client().ListProvidersAsync(Token);

        Assert.Equal("7", Assert.Single(hits).DocumentId);
        Assert.Equal((8, "scripted"), (test.Dimensions, test.Provider.Name));
        Assert.Equal(ErrorCodes.UnknownProvider, unknown.Code);
        Assert.Equal(["local", "scripted"], listed.Select(provider => provider.Name));
        Assert.Equal("scripted", Assert.Single(listed, provider => provider.IsDefault).Name);
    }

    [Fact]
    public async Task Search_OverAProviderThatTellsQuestionsFromDocuments_AsksAQuestion()
    {
        await using var silo = await ProviderSilo.StartAsync(("Quiver:Providers:scripted:QueryBody:input_type", "query"));
        await silo.IngestAsync(silo.Write(20));
        var ofDocuments = silo.Provider.Requests.Count;

        await silo.Client().SearchAsync(ProviderSilo.Docs, new() { Query = "text number 7 of all" }, Token);

        Assert.All(silo.Provider.Requests.Take(ofDocuments), static request => Assert.DoesNotContain("input_type", request.Body, StringComparison.Ordinal));
        Assert.Contains("\"input_type\":\"query\"", Assert.Single(silo.Provider.Requests.Skip(ofDocuments)).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Test_OfAProviderThatTellsQuestionsFromDocuments_TriesBoth()
    {
        await using var silo = await ProviderSilo.StartAsync(("Quiver:Providers:scripted:QueryBody:input_type", "nonsense"));
        silo.Provider.Script = static (request, _) => Task.FromResult(
            request.Body.Contains("nonsense", StringComparison.Ordinal) ? ProviderReply.Error(400, "input_type must be query or document", "invalid_value") : ProviderReply.Ok(request));

        var refused = await Assert.ThrowsAsync<InvalidDocumentException>(() => silo.Client().TestProviderAsync("scripted", Token));

        Assert.Equal(ErrorCodes.RefusedText, refused.Code);
        Assert.Contains("that for a search query failed (Quiver:Providers:scripted:QueryBody", refused.Message, StringComparison.Ordinal);
        Assert.Contains("input_type must be query or document", refused.Message, StringComparison.Ordinal);
        Assert.Equal([false, true], silo.Provider.Requests.Select(static request => request.Body.Contains("nonsense", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Test_OfAProviderThatTellsQuestionsFromDocuments_CountsTheTokensOfBoth()
    {
        await using var alike = await ProviderSilo.StartAsync();
        await using var apart = await ProviderSilo.StartAsync(("Quiver:Providers:scripted:QueryBody:input_type", "query"));

        var (one, two) = (await alike.Client().TestProviderAsync("scripted", Token), await apart.Client().TestProviderAsync("scripted", Token));

        Assert.True(one.Tokens > 0);
        Assert.Equal(2 * one.Tokens, two.Tokens);
    }
}
