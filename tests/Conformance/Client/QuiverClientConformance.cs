using Quiver.Client;

namespace Quiver.Tests.Conformance.Client;

/// <summary>What every <see cref="IQuiverClient"/> does, whatever connects it to the silo. Each test has its own tenant.</summary>
public abstract partial class QuiverClientConformance
{
    private static readonly TimeSpan WatchTimeout = TimeSpan.FromMinutes(2);
    private static readonly JobId Unknown = JobId.Parse("unknown");

    private readonly QuiverClientFixture _fixture;
    private readonly IQuiverClient _client;

    protected QuiverClientConformance(QuiverClientFixture fixture)
    {
        _fixture = fixture;
        _fixture.Model.Open();
        _fixture.Model.Broken = false;
        _client = _fixture.CreateClient(TenantId.Parse(_fixture.NewName("tenant")));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static CollectionName Docs { get; } = CollectionName.Parse("docs");

    [Fact]
    public async Task Watch_FromTheStart_YieldsEveryEventInOrderToTheEnd()
    {
        _fixture.Model.Hold("number0");
        var job = await SubmitAsync(8);
        var watching = WatchAsync(_client, job.Id);
        _fixture.Model.Open();

        var events = await watching;

        Assert.Equal(Enumerable.Range(1, events.Count).Select(at => (long)at), events.Select(item => item.Sequence));
        Assert.Equal((JobEventKind.StateChanged, JobState.Completed), (events[^1].Kind, events[^1].State));
        Assert.Equal((8L, 7L), (events[^1].Counters.Documents, events[^1].LastCommittedIndex));
        Assert.All(events.Zip(events.Skip(1)), pair => Assert.True(pair.First.Counters.Documents <= pair.Second.Counters.Documents));
    }

    [Fact]
    public async Task Watch_AfterASequenceNumber_YieldsTheRest()
    {
        var job = await IngestAsync(Records(4));
        var all = await WatchAsync(_client, job.Id);

        for (var after = 0; after <= all.Count; after++)
        {
            Assert.Equal(all.Skip(after), await WatchAsync(_client, job.Id, after));
        }
    }

    [Fact]
    public async Task Watch_WhoseConnectionsBreak_YieldsEachEventOnce()
    {
        const int Documents = 12;
        _fixture.Model.Hold("number0");
        var job = await SubmitAsync(Documents);

        var events = await WatchAsync(_client, job.Id, 0, item =>
        {
            _fixture.CutConnections();
            _fixture.Model.Hold($"number{item.LastCommittedIndex + 2}");
            return false;
        });

        Assert.Equal(Enumerable.Range(1, events.Count).Select(at => (long)at), events.Select(item => item.Sequence));
        Assert.Equal((JobState.Completed, (long)Documents), (events[^1].State, events[^1].Counters.Stored));
    }

    [Fact]
    public async Task Watch_ByManyAtOnce_YieldsTheSameToAll()
    {
        _fixture.Model.Hold("number0");
        var job = await SubmitAsync(6);
        var watches = Enumerable.Range(0, 5).Select(_ => WatchAsync(_client, job.Id)).ToList();
        _fixture.Model.Open();

        var results = await Task.WhenAll(watches);

        Assert.All(results, events => Assert.Equal(results[0], events));
    }

    [Fact]
    public async Task Watch_Cancelled_LeavesTheJobAlone()
    {
        _fixture.Model.Hold("number0");
        var job = await SubmitAsync(2);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in _client.WatchJobAsync(job.Id, 0, stop.Token))
            {
                await stop.CancelAsync();
            }
        });
        _fixture.Model.Open();

        Assert.Equal(JobState.Completed, (await WatchAsync(_client, job.Id))[^1].State);
    }

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
        var error = await Assert.ThrowsAsync<NotFoundException>(() => _client.TestProviderAsync("unknown", Token));

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

    private static IEnumerable<string> Records(int count, string text = "text of document") =>
        Enumerable.Range(0, count).Select(at => $$"""{"id":"d{{at}}","text":"{{text}} number{{at}}","kind":"{{(at % 2 == 0 ? "even" : "odd")}}"}""");

    private JobSpec Spec(IEnumerable<string> lines, IQuiverClient? client = null) => new()
    {
        Tenant = (client ?? _client).Tenant,
        Collection = Docs,
        Source = new() { Paths = [_fixture.Write(lines)], IdField = "id" },
        MaxInFlight = 1,
    };

    private Task<JobStatus> SubmitAsync(int records) => _client.SubmitAsync(Spec(Records(records)), Token);

    private async Task<JobStatus> IngestAsync(IEnumerable<string> lines, IQuiverClient? client = null, Func<JobSpec, JobSpec>? change = null)
    {
        client ??= _client;
        var spec = Spec(lines, client);
        var job = await client.SubmitAsync(change is null ? spec : change(spec), Token);
        await WatchAsync(client, job.Id);
        return await client.GetJobAsync(job.Id, Token);
    }

    /// <summary>Watches a job to its end.</summary>
    private static Task<List<JobEvent>> WatchAsync(IQuiverClient client, JobId job, long after = 0) => WatchAsync(client, job, after, static _ => false);

    private async Task UntilAsync(JobId job, Func<JobEvent, bool> condition)
    {
        var events = await WatchAsync(_client, job, 0, condition);
        Assert.True(events.Count > 0 && condition(events[^1]), $"The job ended before what the test waits for: {events.LastOrDefault()}");
    }

    private static async Task<List<JobEvent>> WatchAsync(IQuiverClient client, JobId job, long after, Func<JobEvent, bool> isLast)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(Token);
        timeout.CancelAfter(WatchTimeout);
        List<JobEvent> events = [];
        try
        {
            await foreach (var item in client.WatchJobAsync(job, after, timeout.Token))
            {
                events.Add(item);
                if (isLast(item))
                {
                    break;
                }
            }
        }
        catch (OperationCanceledException) when (!Token.IsCancellationRequested)
        {
            Assert.Fail($"The watch did not end within {WatchTimeout.TotalMinutes:0} min: {events.LastOrDefault()}, {await client.GetJobAsync(job, Token)}");
        }

        return events;
    }

    private static async Task<List<ExportedPoint>> ExportAsync(IQuiverClient client)
    {
        List<ExportedPoint> points = [];
        await foreach (var point in client.ExportAsync(Docs, Token))
        {
            points.Add(point);
        }

        return points;
    }

    private static async Task AssertFailsAsync<T>(string code, Func<Task> call)
        where T : QuiverException
    {
        var error = await Assert.ThrowsAsync<T>(call);
        Assert.Equal(code, error.Code);
        Assert.EndsWith(".", error.Message, StringComparison.Ordinal);
    }
}

/// <summary>The client over grains keeps the contract.</summary>
public sealed class GrainQuiverClientConformance(GrainClientFixture fixture) : QuiverClientConformance(fixture), IClassFixture<GrainClientFixture>;

/// <summary>The client over HTTP keeps the contract, also over connections that break.</summary>
public sealed class HttpQuiverClientConformance(SingleHttpClientFixture fixture) : QuiverClientConformance(fixture), IClassFixture<SingleHttpClientFixture>;

/// <summary>The client of a cluster keeps the contract.</summary>
public sealed class ClusterQuiverClientConformance(ClusterClientFixture fixture) : QuiverClientConformance(fixture), IClassFixture<ClusterClientFixture>;

/// <summary>The client over HTTP keeps the contract before a cluster, too.</summary>
public sealed class ClusterHttpQuiverClientConformance(ClusterHttpClientFixture fixture) : QuiverClientConformance(fixture), IClassFixture<ClusterHttpClientFixture>;
