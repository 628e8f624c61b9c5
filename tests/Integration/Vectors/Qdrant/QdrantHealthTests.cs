using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Quiver.Adapters.Vectors.Embedded;
using Quiver.Adapters.Vectors.Qdrant;
using Quiver.Cli.Doctor;
using Quiver.Core.Vectors;
using Quiver.Silo.Doctor;
using Quiver.Silo.Hosting;
using Quiver.Tests.Support.Qdrant;

namespace Quiver.Tests.Integration.Vectors.Qdrant;

/// <summary>What <c>quiver doctor</c> and the readiness probe say about the vector store, and which store the settings give.</summary>
public sealed class QdrantHealthTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Doctor_OfAServerThatAnswers_NamesItsVersion()
    {
        await using var server = await QdrantStandIn.StartAsync("1.17.1");

        var result = await new VectorStoreCheck(() => Settings(("Store", "Qdrant"), server.Address)).RunAsync(Token);

        Assert.Equal(DoctorStatus.Ok, result.Status);
        Assert.Contains("Qdrant 1.17.1", result.Message, StringComparison.Ordinal);
        Assert.Contains("Quiver:Qdrant:RestAddress", result.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, DoctorStatus.Ok)]
    [InlineData(false, DoctorStatus.Warn)]
    public async Task Doctor_OfARestAddress_SaysWhetherRestartsAreDetected(bool isRight, DoctorStatus expected)
    {
        await using var server = await QdrantStandIn.StartAsync();
        var settings = new ConfigurationBuilder()
            .AddConfiguration(Settings(("Store", "Qdrant"), server.Address))
            .AddInMemoryCollection([new("Quiver:Qdrant:RestAddress", isRight ? server.RestAddress : server.Address)])
            .Build();

        var result = await new VectorStoreCheck(() => settings).RunAsync(Token);

        Assert.Equal(expected, result.Status);
    }

    [Theory]
    [InlineData("error", "quiver_health_4d cannot be indexed: Out of memory.")]
    [InlineData("queue", "quiver_health_4d has 150 writes in its queue.")]
    [InlineData("others", null)]
    public async Task Doctor_OfACollectionThatTheServerCannotIndex_Warns(string what, string? sentence)
    {
        await using var server = await QdrantStandIn.StartAsync();
        using var store = QdrantStores.Open(server);
        await store.EnsureCollectionAsync("quiver_health_4d", 4, Token);
        await store.EnsureCollectionAsync("theirs", 4, Token);
        server.State.Edit(what == "others" ? "theirs" : "quiver_health_4d", collection =>
        {
            collection.OptimizerError = what == "queue" ? null : "Out of memory";
            collection.Queued = what == "queue" ? 150 : 0;
        });

        var result = await new VectorStoreCheck(() => Settings(("Store", "Qdrant"), server.Address)).RunAsync(Token);

        Assert.Equal(sentence is null ? DoctorStatus.Ok : DoctorStatus.Warn, result.Status);
        Assert.Contains(sentence ?? "Qdrant", result.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Collection_ShowsHowFarTheServerHasIndexedIt()
    {
        await using var server = await QdrantStandIn.StartAsync();
        await using var silo = await QdrantSilo.StartAsync(server);
        await silo.IngestAsync(QdrantSilo.Records(5));
        var physical = Assert.Single(server.State.Names);

        var ready = (await silo.Client.GetCollectionAsync(QdrantSilo.Docs, Token)).Index;
        server.State.Edit(physical, static collection => (collection.IsOptimizing, collection.Queued) = (true, 7));
        var indexing = (await silo.Client.GetCollectionAsync(QdrantSilo.Docs, Token)).Index;
        server.State.Edit(physical, static collection => collection.OptimizerError = "Out of memory");
        var failed = (await silo.Client.GetCollectionAsync(QdrantSilo.Docs, Token)).Index;

        Assert.Equal(new() { State = IndexState.Ready, IndexedShare = 1 }, ready);
        Assert.Equal(new() { State = IndexState.Indexing, IndexedShare = 0, QueuedWrites = 7 }, indexing);
        Assert.Equal((IndexState.Failed, "Out of memory"), (failed?.State, failed?.Fault));
    }

    [Fact]
    public async Task Doctor_OfAServerThatCannotFence_Warns()
    {
        await using var server = await QdrantStandIn.StartAsync("1.14.0");

        Assert.Equal(DoctorStatus.Warn, (await new VectorStoreCheck(() => Settings(("Store", "qdrant"), server.Address)).RunAsync(Token)).Status);
    }

    [Fact]
    public async Task Doctor_OfAWrongKeyOrSetting_FailsWithoutTellingTheKey()
    {
        await using var server = await QdrantStandIn.StartAsync();
        server.ApiKey = "right";

        var refused = await new VectorStoreCheck(() => Settings(("Store", "Qdrant"), server.Address, "wrong-secret")).RunAsync(Token);
        var invalid = await new VectorStoreCheck(() => Settings(("Store", "Qdrant"), "nowhere")).RunAsync(Token);
        var unknown = await new VectorStoreCheck(() => Settings(("Store", "Postgres"), server.Address)).RunAsync(Token);
        var embedded = await new VectorStoreCheck(() => Settings(("Other", "x"), "nowhere")).RunAsync(Token);

        Assert.Equal(
            (DoctorStatus.Fail, DoctorStatus.Fail, DoctorStatus.Fail, DoctorStatus.Ok), (refused.Status, invalid.Status, unknown.Status, embedded.Status));
        Assert.DoesNotContain("secret", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Embedded or Qdrant", unknown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Readiness_FollowsTheServer()
    {
        var server = await QdrantStandIn.StartAsync();
        using var store = QdrantStores.Open(server, options => options.RetryAttempts = 0);
        var check = new VectorStoreReadinessCheck(store);

        var well = (await check.CheckHealthAsync(new(), Token)).Description;
        server.ApiKey = "other";
        var refused = (await check.CheckHealthAsync(new(), Token)).Description;
        await server.DisposeAsync();
        var gone = (await check.CheckHealthAsync(new(), Token)).Description;

        Assert.Equal((null, "The vector store refuses the credentials.", "The vector store cannot be reached."), (well, refused, gone));
    }

    [Theory]
    [InlineData("Embedded", typeof(FlatIndexStore))]
    [InlineData("qdrant", typeof(QdrantStore))]
    [InlineData("", typeof(FlatIndexStore))]
    public async Task Settings_NameTheStore(string store, Type expected)
    {
        using var folder = new Quiver.Tests.Support.TemporaryFolder();
        var services = new ServiceCollection();
        services.AddLogging().AddVectorStore(Settings(("Store", store), "http://localhost:6334"), folder.Path);
        await using var provider = services.BuildServiceProvider();

        Assert.IsType(expected, provider.GetRequiredService<IVectorStore>());
    }

    private static IConfiguration Settings((string Name, string Value) store, string address, string? key = null) => new ConfigurationBuilder()
        .AddInMemoryCollection(
        [
            new($"Quiver:Vectors:{store.Name}", store.Value),
            new("Quiver:Qdrant:Address", address),
            .. key is null ? [] : (KeyValuePair<string, string?>[])[new("Quiver:Qdrant:ApiKey", key)],
        ])
        .Build();
}
