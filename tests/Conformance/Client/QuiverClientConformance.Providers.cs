namespace Quiver.Tests.Conformance.Client;

public abstract partial class QuiverClientConformance
{
    [Fact]
    public async Task Providers_WithoutSettings_AreTheLocalModel()
    {
        var provider = Assert.Single(await _client.ListProvidersAsync(Token));
        var test = await _client.TestProviderAsync(provider.Name, Token);

        Assert.Equal(("local", "onnx", true, _fixture.Model.Info.Id, 64), (provider.Name, provider.Kind, provider.IsDefault, provider.Model, provider.Dimensions));
        Assert.Equal((provider, 64), (test.Provider, test.Dimensions));
        Assert.True(test.Latency > TimeSpan.Zero);
    }

    [Fact]
    public async Task Providers_Unknown_AreNotFound()
    {
        var error = await Assert.ThrowsAsync<NotFoundException>(() => _client.TestProviderAsync("nobody", Token));

        Assert.Equal(ErrorCodes.UnknownProvider, error.Code);
    }

    [Fact]
    public async Task Usage_IsTheTenantsOwn_AndLeavesDryRunsOut()
    {
        await IngestAsync(Records(5), change: spec => spec with { DryRun = true });
        await IngestAsync(Records(5));
        var other = _fixture.CreateClient(TenantId.Parse(_fixture.NewName("tenant")));

        var (usage, others) = (await _client.GetUsageAsync(Token), await other.GetUsageAsync(Token));

        Assert.Equal((1L, 5L), (usage.Jobs, usage.EmbeddedTexts));
        Assert.True(usage.EmbeddingCalls > 0);
        Assert.Equal(new(), others);
    }
}
