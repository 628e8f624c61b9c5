using Quiver.Tests.Support.Qdrant;

namespace Quiver.Tests.Integration.Vectors.Qdrant;

/// <summary>Scores of collections with another metric than cosine.</summary>
public sealed class QdrantScoreTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Threshold_OfACollectionThatMeasuresDistance_IsTheLargest(bool isDedicated)
    {
        await using var server = await QdrantStandIn.StartAsync();
        await using var silo = await QdrantSilo.StartAsync(server, settings: isDedicated ? [] : [new("Quiver:Collections:SharedStorage:Distance", "Euclid")]);
        await silo.Client.CreateCollectionAsync(QdrantSilo.Docs, isDedicated ? new() { Dedicated = true, Storage = new() { Distance = VectorDistance.Euclid } } : new(), Token);
        await silo.IngestAsync(QdrantSilo.Records(20));

        var all = (await silo.Client.SearchAsync(QdrantSilo.Docs, new() { Query = "number7 w49", Limit = 1000 }, Token)).Hits;
        var near = (await silo.Client.SearchAsync(QdrantSilo.Docs, new() { Query = "number7 w49", Limit = 1000, ScoreThreshold = all[5].Score }, Token)).Hits;
        var error = await Assert.ThrowsAsync<InvalidRequestException>(
            () => silo.Client.SearchAsync(QdrantSilo.Docs, new() { Query = "number7", ScoreThreshold = -0.5f }, Token));

        Assert.True(all[0].Score < all[^1].Score, "The nearest has the lowest score.");
        Assert.True(near.Length < all.Length, "Some are farther.");
        Assert.All(near, hit => Assert.InRange(hit.Score, 0, all[5].Score));
        Assert.Equal(ErrorCodes.InvalidOption, error.Code);
        Assert.Contains("Euclid distance", error.Message, StringComparison.Ordinal);
    }
}
