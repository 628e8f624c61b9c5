
using Quiver.Client;

namespace Quiver.Tests.Conformance.Client;

/// <summary>What every <see cref="IQuiverClient"/> does, whatever lies between it and the silo. Each test has a tenant of its own.</summary>
public abstract partial class QuiverClientConformance
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);
    private static readonly JobId Nobody = JobId.Parse("nobody");

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
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Token);
        patience.CancelAfter(Longest);
        List<JobEvent> events = [];
        try
        {
            await foreach (var item in client.WatchJobAsync(job, after, patience.Token))
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
            Assert.Fail($"Watched in vain for {Longest.TotalMinutes:0} min: {events.LastOrDefault()}, {await client.GetJobAsync(job, Token)}");
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
