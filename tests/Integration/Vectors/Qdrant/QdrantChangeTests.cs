using Quiver.Tests.Support;
using Quiver.Tests.Support.Qdrant;

namespace Quiver.Tests.Integration.Vectors.Qdrant;

/// <summary>Changes of settings that the server does not apply.</summary>
public sealed class QdrantChangeTests
{
    private static readonly CollectionSettings Change = new() { Storage = new() { Replicas = 2 } };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Change_WhileTheServerFails_IsAnsweredAsPending_AndHoldsAfterARestart()
    {
        using var folder = new TemporaryFolder();
        await using var server = await QdrantStandIn.StartAsync();
        CollectionInfo asked;
        await using (var first = await QdrantSilo.StartOnAsync(folder, server))
        {
            await first.Client.CreateCollectionAsync(QdrantSilo.Docs, new() { Dedicated = true }, Token);
            server.Faults = static request => request.Operation == "Collections.Update" ? StandInFault.Unavailable : StandInFault.None;
            asked = await first.Client.ChangeCollectionAsync(QdrantSilo.Docs, Change, Token);
        }

        server.Faults = static _ => StandInFault.None;
        await using var second = await QdrantSilo.StartOnAsync(folder, server);
        var settled = await UntilSettledAsync(second);

        Assert.Equal((Change, null), (asked.Pending, asked.Settings?.Storage));
        Assert.Equal((2, null), (settled.Settings?.Storage?.Replicas, settled.PendingFault));
        Assert.Equal(2u, server.State.Config(settled.PhysicalCollection)!.Params.ReplicationFactor);
    }

    [Fact]
    public async Task Change_ThatTheServerMakesWithoutAnAnswer_IsAnsweredSoon_AndConfirmedByAnotherAttempt()
    {
        await using var server = await QdrantStandIn.StartAsync();
        await using var silo = await QdrantSilo.StartAsync(
            server, null, [new("Quiver:Qdrant:RetryAttempts", "1"), new("Quiver:Collections:StepDuration", "00:00:00.100")]);
        await silo.Client.CreateCollectionAsync(QdrantSilo.Docs, new() { Dedicated = true }, Token);
        var requests = 0;
        server.Faults = request => request.Operation == "Collections.Update" && ++requests == 1 ? StandInFault.SilenceAfter : StandInFault.None;

        var asked = await silo.Client.ChangeCollectionAsync(QdrantSilo.Docs, Change, Token);
        var settled = await UntilSettledAsync(silo);

        Assert.Equal(Change, asked.Pending);
        Assert.Equal(2, settled.Settings?.Storage?.Replicas);
        Assert.Equal(2, requests);
    }

    private static async Task<CollectionInfo> UntilSettledAsync(QdrantSilo silo)
    {
        CollectionInfo info;
        do
        {
            info = await silo.Client.GetCollectionAsync(QdrantSilo.Docs, Token);
        }
        while (info.Pending is not null);
        return info;
    }
}
