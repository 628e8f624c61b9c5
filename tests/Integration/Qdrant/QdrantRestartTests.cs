using Quiver.Tests.Support.Qdrant;

namespace Quiver.Tests.Integration.Qdrant;

/// <summary>Jobs over a server that is restarted meanwhile and comes back without what it had acknowledged last.</summary>
public sealed class QdrantRestartTests
{
    private const string Physical = "quiver_words_64d";
    private const int Documents = 60;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(SyncMode.Update)]
    [InlineData(SyncMode.Append)]
    public async Task Job_WhosePointsTheServerLost_StoresThemAgain(SyncMode sync)
    {
        var expected = await UndisturbedAsync();
        await using var server = await QdrantStandIn.StartAsync();
        await using var silo = await QdrantSilo.StartAsync(server);
        RestartAt(server, number: 6, losing: 12);

        var job = await silo.IngestAsync(QdrantSilo.Records(Documents), sync);
        var events = await EventsAsync(silo, job.Id);

        Assert.Equal((JobState.Completed, (long)Documents, 0L), (job.State, job.Counters.Stored, job.Counters.Overwritten));
        Assert.Contains(events, told => told.Message?.Contains("the vector store was restarted", StringComparison.Ordinal) is true);
        StoredPoints.AssertSame(expected, server.State.Points(Physical), "restarted");
        Assert.True((await silo.Client.VerifyAsync(QdrantSilo.Docs, repair: false, Token)).IsConsistent);
    }

    [Fact]
    public async Task Job_WhoseReplacedPointsCameBack_ReplacesThemAgain()
    {
        await using var server = await QdrantStandIn.StartAsync();
        await using var silo = await QdrantSilo.StartAsync(server);
        await silo.IngestAsync(QdrantSilo.Records(Documents));
        RestartAt(server, number: 6, losing: 12);

        var job = await silo.IngestAsync(QdrantSilo.Records(Documents, "second"));

        Assert.Equal(JobState.Completed, job.State);
        Assert.All(server.State.Points(Physical), point => Assert.Equal(job.Generation, point.Payload["generation"]!.GetValue<long>()));
    }

    [Theory]
    [InlineData(3, JobState.CompletedWithWarnings)]
    [InlineData(0, JobState.Completed)]
    public async Task Job_WhoseDeletionsTheServerLost_SaysSoAndRepairMendsIt(int lost, JobState state)
    {
        await using var server = await QdrantStandIn.StartAsync();
        await using var silo = await QdrantSilo.StartAsync(server);
        await silo.IngestAsync(QdrantSilo.Records(Documents));
        var asked = 0;
        server.Faults = request =>
        {
            // The job asks before its first point and after its last deletion.
            if (request.Path == "/telemetry" && ++asked == 2)
                server.Restart(losing: lost, refusing: 2);
            return StandInFault.None;
        };

        var job = await silo.IngestAsync(QdrantSilo.Records(Documents / 2), SyncMode.Mirror);
        var before = await silo.Client.VerifyAsync(QdrantSilo.Docs, repair: false, Token);
        await silo.Client.VerifyAsync(QdrantSilo.Docs, repair: true, Token);
        var after = await silo.Client.VerifyAsync(QdrantSilo.Docs, repair: false, Token);

        Assert.Equal(state, job.State);
        Assert.Equal(lost > 0, job.ErrorMessage?.Contains("quiver collections verify docs --repair", StringComparison.Ordinal) is true);
        Assert.Equal((lost, 0L), (before.SurplusPoints, after.SurplusPoints));
    }

    [Fact]
    public async Task Job_OnAServerThatLosesItsWritesAgainAndAgain_EndsAndSaysWhatIsMissing()
    {
        await using var server = await QdrantStandIn.StartAsync();
        await using var silo = await QdrantSilo.StartAsync(server);
        server.Faults = request =>
        {
            if (request.Path == "/telemetry")
                server.Restart(losing: 20, refusing: 0);
            return StandInFault.None;
        };

        var job = await silo.IngestAsync(QdrantSilo.Records(Documents));

        Assert.Equal(JobState.CompletedWithWarnings, job.State);
        Assert.Matches(@"points of \d+ documents are missing.*quiver collections verify docs --repair", job.ErrorMessage);
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
        server.Faults = static request => request.Path == "/telemetry" ? StandInFault.Invalid422 : StandInFault.None;

        Assert.Equal(JobState.Completed, (await silo.IngestAsync(QdrantSilo.Records(Documents))).State);
    }

    /// <summary>Restarts the server once, when the request of a number that changes points arrives.</summary>
    private static void RestartAt(QdrantStandIn server, int number, int losing)
    {
        var left = number;
        server.Faults = request =>
        {
            if (request.ChangesPoints && Interlocked.Decrement(ref left) == 0)
                server.Restart(losing, refusing: 5);
            return StandInFault.None;
        };
    }

    private static async Task<List<JobEvent>> EventsAsync(QdrantSilo silo, JobId job)
    {
        List<JobEvent> events = [];
        await foreach (var told in silo.Client.WatchJobAsync(job, 0, Token))
            events.Add(told);
        return events;
    }

    private static async Task<IReadOnlyList<StandInPoint>> UndisturbedAsync()
    {
        await using var server = await QdrantStandIn.StartAsync();
        await using var silo = await QdrantSilo.StartAsync(server);
        await silo.IngestAsync(QdrantSilo.Records(Documents));
        return server.State.Points(Physical);
    }
}
