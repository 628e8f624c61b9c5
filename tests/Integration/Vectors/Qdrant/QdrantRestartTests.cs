using Quiver.Tests.Support.Qdrant;

namespace Quiver.Tests.Integration.Vectors.Qdrant;

/// <summary>Jobs on a server that restarts and loses the last acknowledged writes.</summary>
public sealed class QdrantRestartTests
{
    private const string Physical = "quiver_words_64d";
    private const int Documents = 60;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(SyncMode.Update)]
    [InlineData(SyncMode.Append)]
    public async Task Job_WhosePointsTheServerLost_SaysSo_AndTheNextOneStoresThem(SyncMode sync)
    {
        var expected = await UndisturbedAsync();
        await using var server = await QdrantStandIn.StartAsync();
        await using var silo = await QdrantSilo.StartAsync(server);
        RestartAtTheEnd(server, losing: 12);

        var job = await silo.IngestAsync(QdrantSilo.Records(Documents), sync);
        var found = await silo.Client.VerifyAsync(QdrantSilo.Docs, repair: true, Token);
        var again = await silo.IngestAsync(QdrantSilo.Records(Documents), sync);

        Assert.Equal((JobState.CompletedWithWarnings, (long)Documents), (job.State, job.Counters.Stored));
        Assert.Matches(@"restarted while the job ran: points of \d+ documents are missing.*quiver collections verify docs --repair", job.ErrorMessage);
        Assert.Equal((12L, 0L), (found.MissingPoints, found.SurplusPoints));
        Assert.Equal(JobState.Completed, again.State);
        StoredPoints.AssertSame(expected, server.State.Points(Physical), "restarted");
    }

    [Fact]
    public async Task Job_WhoseReplacedPointsCameBack_SaysSo()
    {
        await using var server = await QdrantStandIn.StartAsync();
        await using var silo = await QdrantSilo.StartAsync(server);
        await silo.IngestAsync(QdrantSilo.Records(Documents));
        RestartAtTheEnd(server, losing: 12);

        var job = await silo.IngestAsync(QdrantSilo.Records(Documents, "second"));

        Assert.Equal(JobState.CompletedWithWarnings, job.State);
        Assert.Matches(@"points of \d+ documents are missing", job.ErrorMessage);
    }

    [Theory]
    [InlineData(3, JobState.CompletedWithWarnings)]
    [InlineData(0, JobState.Completed)]
    public async Task Job_WhoseDeletionsTheServerLost_SaysSoAndRepairMendsIt(int lost, JobState state)
    {
        await using var server = await QdrantStandIn.StartAsync();
        await using var silo = await QdrantSilo.StartAsync(server);
        await silo.IngestAsync(QdrantSilo.Records(Documents));
        RestartAtTheEnd(server, lost);

        var job = await silo.IngestAsync(QdrantSilo.Records(Documents / 2), SyncMode.Mirror);
        var before = await silo.Client.VerifyAsync(QdrantSilo.Docs, repair: false, Token);
        await silo.Client.VerifyAsync(QdrantSilo.Docs, repair: true, Token);
        var after = await silo.Client.VerifyAsync(QdrantSilo.Docs, repair: false, Token);

        Assert.Equal(state, job.State);
        Assert.Equal(lost > 0, job.ErrorMessage?.Contains("quiver collections verify docs --repair", StringComparison.Ordinal) is true);
        Assert.Equal((lost, 0L), (before.SurplusPoints, after.SurplusPoints));
    }

    [Fact]
    public async Task Instance_OfAServer_ChangesWithItsRestart()
    {
        await using var server = await QdrantStandIn.StartAsync();
        using var store = QdrantStores.Open(server);
        var first = await store.FindInstanceAsync(Token);
        var again = await store.FindInstanceAsync(Token);
        server.Restart(losing: 0, refusing: 0);

        var restarted = await store.FindInstanceAsync(Token);

        Assert.NotNull(first);
        Assert.Equal(first, again);
        Assert.NotEqual(first, restarted);
    }

    [Fact]
    public async Task Job_WhoseServerWasRestartedAndLostNothing_IsDoneInOneGo()
    {
        await using var server = await QdrantStandIn.StartAsync();
        await using var silo = await QdrantSilo.StartAsync(server);
        RestartAt(server, number: 6, losing: 0);

        var job = await silo.IngestAsync(QdrantSilo.Records(Documents));

        Assert.Equal((JobState.Completed, 1L), (job.State, job.Epoch));
    }

    [Fact]
    public async Task Job_WithAKeyThatMayNotAskForTheProcess_GoesOnWithout()
    {
        await using var server = await QdrantStandIn.StartAsync();
        await using var silo = await QdrantSilo.StartAsync(server);
        server.Faults = static request => request.IsTelemetry ? StandInFault.Invalid : StandInFault.None;

        Assert.Equal(JobState.Completed, (await silo.IngestAsync(QdrantSilo.Records(Documents))).State);
    }

    [Fact]
    public async Task Job_WithoutARestAddress_DetectsNoRestart()
    {
        await using var server = await QdrantStandIn.StartAsync();
        using var store = QdrantStores.Open(server.Address);

        Assert.Null(await store.FindInstanceAsync(Token));
        Assert.Empty(server.Requests);
    }

    /// <summary>Restarts the server after the next job has written and deleted everything, so that no request in flight stores the lost points again.</summary>
    private static void RestartAtTheEnd(QdrantStandIn server, int losing)
    {
        var asked = 0;
        server.Faults = request =>
        {
            // The job reads the instance before its first point and after its last deletion.
            if (request.IsTelemetry && ++asked == 2)
            {
                server.Restart(losing, refusing: 2);
            }

            return StandInFault.None;
        };
    }

    /// <summary>Restarts the server once, at the n-th request that changes points.</summary>
    private static void RestartAt(QdrantStandIn server, int number, int losing)
    {
        var left = number;
        server.Faults = request =>
        {
            if (request.ChangesPoints && Interlocked.Decrement(ref left) == 0)
            {
                server.Restart(losing, refusing: 5);
            }

            return StandInFault.None;
        };
    }

    private static async Task<IReadOnlyList<StandInPoint>> UndisturbedAsync()
    {
        await using var server = await QdrantStandIn.StartAsync();
        await using var silo = await QdrantSilo.StartAsync(server);
        await silo.IngestAsync(QdrantSilo.Records(Documents));
        return server.State.Points(Physical);
    }
}
