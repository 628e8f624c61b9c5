using Quiver.Tests.Support;
using Quiver.Tests.Support.Qdrant;
using Wire = Qdrant.Client.Grpc;

namespace Quiver.Tests.Integration.Vectors.Qdrant;

/// <summary>Jobs end to end over a stand-in that fails.</summary>
public sealed class QdrantJobTests
{
    private const string Physical = "quiver_words_64d";
    private const int Documents = 60;

    private static readonly StandInFault[] Common =
    [
        StandInFault.Throttle, StandInFault.Internal, StandInFault.InternalAfter, StandInFault.Unavailable, StandInFault.ShardMissing, StandInFault.TimeoutAfter,
        StandInFault.TimeoutExpired, StandInFault.WaitTimeout, StandInFault.CutBefore, StandInFault.CutInAnswer, StandInFault.AcknowledgedThenLost,
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("1.19.0")]
    [InlineData("1.17.1")]
    [InlineData("1.13.0")]
    public async Task Job_WithFaultsAtRandom_EndsWithThePointsOfAnUndisturbedRun(string version)
    {
        var expected = await UndisturbedAsync(version);
        var random = Seed.For(nameof(Job_WithFaultsAtRandom_EndsWithThePointsOfAnUndisturbedRun) + version);
        await using var server = await QdrantStandIn.StartAsync(version);
        server.RetryAfter = "0";
        var faults = 0;
        await using var silo = await QdrantSilo.StartAsync(server);
        server.Faults = request =>
        {
            lock (random)
            {
                var fault = random.NextDouble() switch
                {
                    < 0.01 => random.Next(2) == 0 ? StandInFault.SilenceBefore : StandInFault.SilenceAfter,
                    < 0.25 => Common[random.Next(Common.Length)],
                    _ => StandInFault.None,
                };
                faults += fault == StandInFault.None ? 0 : 1;

                // Reads are never "acknowledged".
                return fault == StandInFault.AcknowledgedThenLost && !request.ChangesPoints ? StandInFault.Unavailable : fault;
            }
        };

        var first = await silo.IngestAsync(QdrantSilo.Records(Documents));
        var second = await silo.IngestAsync(QdrantSilo.Records(Documents / 2, "second"), SyncMode.Mirror);
        server.Faults = static _ => StandInFault.None;

        Assert.True(faults > 20, $"{Seed.Text}: only {faults} faults.");
        Assert.Equal((JobState.Completed, JobState.Completed), (first.State, second.State));
        StoredPoints.AssertSame(expected, Points(server), Seed.Text);
        Assert.True((await silo.Client.VerifyAsync(QdrantSilo.Docs, repair: false, Token)).IsConsistent, Seed.Text);
    }

    [Theory]
    [InlineData(nameof(StandInFault.QuotaFull))]
    [InlineData(nameof(StandInFault.DiskFull))]
    public async Task Job_WhoseStoreIsFull_PausesAndGoesOnWhenThereIsRoom(string kind)
    {
        var full = Enum.Parse<StandInFault>(kind);
        await using var server = await QdrantStandIn.StartAsync();
        await using var silo = await QdrantSilo.StartAsync(server);
        var left = 3;
        server.Faults = request => request.ChangesPoints && Interlocked.Decrement(ref left) < 0 ? full : StandInFault.None;

        var job = await silo.SubmitAsync(QdrantSilo.Records(Documents));
        var alert = await silo.UntilAsync(job.Id, JobState.Paused);
        var paused = await silo.Client.GetJobAsync(job.Id, Token);
        server.Faults = static _ => StandInFault.None;
        await silo.Client.ResumeJobAsync(job.Id, Token);
        var done = await silo.EndAsync(job.Id);

        Assert.Equal(ErrorCodes.StorageFull, alert.Code);
        Assert.Contains("Make room", alert.Message, StringComparison.Ordinal);
        Assert.Equal((JobState.Paused, ErrorCodes.StorageFull), (paused.State, paused.ErrorCode));
        Assert.Equal((JobState.Completed, null), (done.State, done.ErrorCode));
        Assert.Equal(Documents, done.Counters.Documents);
        Assert.True((await silo.Client.VerifyAsync(QdrantSilo.Docs, repair: false, Token)).IsConsistent);
    }

    [Fact]
    public async Task Job_WhoseCollectionHasReachedItsStrictMode_PausesAndGoesOnWhenTheLimitIsRaised()
    {
        await using var server = await QdrantStandIn.StartAsync();
        await using var silo = await QdrantSilo.StartAsync(server);
        await silo.Client.CreateCollectionAsync(QdrantSilo.Docs, new() { Dedicated = true, Storage = new() { StrictMode = new() { Enabled = true, MaxPoints = 20 } } }, Token);

        var job = await silo.SubmitAsync(QdrantSilo.Records(Documents));
        var alert = await silo.UntilAsync(job.Id, JobState.Paused);
        await silo.Client.ChangeCollectionAsync(QdrantSilo.Docs, new() { Storage = new() { StrictMode = new() { MaxPoints = 10_000 } } }, Token);
        await silo.Client.ResumeJobAsync(job.Id, Token);
        var done = await silo.EndAsync(job.Id);

        Assert.Equal(ErrorCodes.StorageFull, alert.Code);
        Assert.Contains("Max points count limit of 20 reached!", alert.Message, StringComparison.Ordinal);
        Assert.Equal((JobState.Completed, (long)Documents), (done.State, done.Counters.Stored));
        Assert.True((await silo.Client.VerifyAsync(QdrantSilo.Docs, repair: false, Token)).IsConsistent);
    }

    [Fact]
    public async Task Job_WhoseKeyIsRevoked_FailsAndSaysSo()
    {
        await using var server = await QdrantStandIn.StartAsync();
        server.ApiKey = "good-secret";
        await using var silo = await QdrantSilo.StartAsync(server, null, [new("Quiver:Qdrant:ApiKey", "good-secret")]);
        await silo.IngestAsync(QdrantSilo.Records(3));
        server.ApiKey = "other";

        var job = await silo.IngestAsync(QdrantSilo.Records(Documents));

        Assert.Equal((JobState.Failed, ErrorCodes.AccessDenied), (job.State, job.ErrorCode));
        Assert.DoesNotContain("secret", job.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_AfterPointsWereLost_FindsThemAndTheNextJobStoresThemAgain()
    {
        await using var server = await QdrantStandIn.StartAsync();
        await using var silo = await QdrantSilo.StartAsync(server);
        await silo.IngestAsync(QdrantSilo.Records(Documents));
        var all = Points(server);
        server.State.Delete(Physical, all.Take(10).Select(point => point.Id));

        var found = await silo.Client.VerifyAsync(QdrantSilo.Docs, repair: false, Token);
        await silo.Client.VerifyAsync(QdrantSilo.Docs, repair: true, Token);
        await silo.IngestAsync(QdrantSilo.Records(Documents));

        Assert.Equal((10L, 0L), (found.MissingPoints, found.SurplusPoints));
        StoredPoints.AssertSame(all, Points(server), "repaired");
        Assert.True((await silo.Client.VerifyAsync(QdrantSilo.Docs, repair: false, Token)).IsConsistent);
    }

    [Fact]
    public async Task Collection_ThatWasDeletedOnTheServer_IsMadeAndFilledAgain()
    {
        await using var server = await QdrantStandIn.StartAsync();
        await using var silo = await QdrantSilo.StartAsync(server);
        await silo.IngestAsync(QdrantSilo.Records(10));
        var all = Points(server);
        server.State.Drop(new() { CollectionName = Physical });

        await silo.IngestAsync(QdrantSilo.Records(10));

        StoredPoints.AssertSame(all, Points(server), "again");
    }

    [Fact]
    public async Task Collection_DeletedThroughTheClient_LeavesNoPoint()
    {
        await using var server = await QdrantStandIn.StartAsync();
        await using var silo = await QdrantSilo.StartAsync(server, null, [new("Quiver:Collections:StepDuration", "00:00:00.010")]);
        await silo.IngestAsync(QdrantSilo.Records(Documents));

        await silo.Client.DeleteCollectionAsync(QdrantSilo.Docs, Token);

        Assert.Empty(Points(server));
        Assert.Equal(ErrorCodes.UnknownCollection, (await Assert.ThrowsAsync<NotFoundException>(() => silo.Client.GetCollectionAsync(QdrantSilo.Docs, Token))).Code);
        var again = await silo.IngestAsync(QdrantSilo.Records(3));
        Assert.Equal(3, again.Counters.Stored);
    }

    [Fact]
    public async Task EverythingButFilteringByAField_WorksOnAStrictServer()
    {
        await using var server = await QdrantStandIn.StartAsync(isStrict: true);
        await using var silo = await QdrantSilo.StartAsync(server);

        var first = await silo.IngestAsync(QdrantSilo.Records(Documents));
        var second = await silo.IngestAsync(QdrantSilo.Records(Documents / 2, "second"), SyncMode.Mirror);
        var verified = await silo.Client.VerifyAsync(QdrantSilo.Docs, repair: true, Token);
        var hits = (await silo.Client.SearchAsync(QdrantSilo.Docs, new() { Query = "second number7" }, Token)).Hits;
        var error = await Assert.ThrowsAsync<InvalidRequestException>(() => silo.Client.SearchAsync(
            QdrantSilo.Docs, new() { Query = "second number7", Filter = ImmutableDictionary<string, string>.Empty.Add("kind", "k1") }, Token));
        await silo.Client.DeleteCollectionAsync(QdrantSilo.Docs, Token);

        Assert.Equal((JobState.Completed, JobState.Completed), (first.State, second.State));
        Assert.True(verified.IsConsistent);
        Assert.NotEmpty(hits);
        Assert.Equal(ErrorCodes.NotSupported, error.Code);
        Assert.Contains("payload index", error.Message, StringComparison.Ordinal);
        Assert.Empty(Points(server));
    }

    [Fact]
    public async Task Job_IntoACollectionWithASmallRateLimit_SendsLessAtATime()
    {
        await using var server = await QdrantStandIn.StartAsync();
        await using var silo = await QdrantSilo.StartAsync(server);
        await silo.Client.CreateCollectionAsync(QdrantSilo.Docs, new() { Dedicated = true }, Token);
        var physical = Assert.Single(server.State.Names);

        // Each batch of seven points is more than a minute allows.
        var clock = new ManualTimeProvider();
        server.State.Edit(physical, collection =>
        {
            collection.Rates.Time = clock;
            collection.StrictMode.MergeFrom(new Wire.StrictModeConfig { Enabled = true, WriteRateLimit = 4 });
        });
        server.OnRequest = request =>
        {
            clock.Advance(TimeSpan.FromMinutes(1));
            return Task.CompletedTask;
        };

        var done = await silo.IngestAsync(QdrantSilo.Records(10));

        Assert.Equal((JobState.Completed, 10L), (done.State, done.Counters.Stored));
        Assert.Contains(server.Requests, static request => request.Points.Count > 4);
        Assert.True((await silo.Client.VerifyAsync(QdrantSilo.Docs, repair: false, Token)).IsConsistent);
    }

    [Fact]
    public async Task Collection_WhoseShardIsMissing_IsNotTakenForDeleted()
    {
        await using var server = await QdrantStandIn.StartAsync();
        await using var silo = await QdrantSilo.StartAsync(server, null, [new("Quiver:Collections:StepDuration", "00:00:00.010")]);
        await silo.IngestAsync(QdrantSilo.Records(Documents));
        var before = Points(server).Count;
        server.Faults = static request => request.Operation is "Points.Scroll" or "Points.Delete" ? StandInFault.ShardMissing : StandInFault.None;

        await Assert.ThrowsAsync<TransientException>(() => silo.Client.DeleteCollectionAsync(QdrantSilo.Docs, Token));
        var kept = Points(server).Count;
        server.Faults = static _ => StandInFault.None;
        await silo.Client.DeleteCollectionAsync(QdrantSilo.Docs, Token);

        Assert.Equal(before, kept);
        Assert.Empty(Points(server));
    }

    [Fact]
    public async Task Job_DocumentThatIsTooLargeForTheServer_FailsAloneAndSaysWhy()
    {
        await using var server = await QdrantStandIn.StartAsync();
        await using var silo = await QdrantSilo.StartAsync(server);
        await silo.IngestAsync(QdrantSilo.Records(Documents));
        var before = Points(server);
        server.MaxRequestBytes = 20_000;
        var fields = string.Join(',', Enumerable.Range(0, 10).Select(field => $"\"f{field}\":\"{new string('x', 4000)}\""));

        var status = await silo.IngestAsync([.. QdrantSilo.Records(Documents), $$"""{"id":"large","text":"small itself",{{fields}}}"""]);

        Assert.Equal((JobState.CompletedWithWarnings, 1L), (status.State, status.Counters.Failed));
        var failure = Assert.Single((await silo.Client.ListFailuresAsync(status.Id, null, 10, Token)).Items);
        Assert.Equal(("large", ErrorCodes.DocumentTooLarge), (failure.DocumentId, failure.Code));
        Assert.Contains("proxy before Qdrant", failure.Reason, StringComparison.Ordinal);
        StoredPoints.AssertSame(before, Points(server), "beside the large one");
        Assert.True((await silo.Client.VerifyAsync(QdrantSilo.Docs, repair: false, Token)).IsConsistent);
    }

    private static async Task<IReadOnlyList<StandInPoint>> UndisturbedAsync(string version)
    {
        await using var server = await QdrantStandIn.StartAsync(version);
        await using var silo = await QdrantSilo.StartAsync(server);
        await silo.IngestAsync(QdrantSilo.Records(Documents));
        await silo.IngestAsync(QdrantSilo.Records(Documents / 2, "second"), SyncMode.Mirror);
        return Points(server);
    }

    private static IReadOnlyList<StandInPoint> Points(QdrantStandIn server) => server.State.Points(Physical);
}
