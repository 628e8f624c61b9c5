using Quiver.Tests.Support;

namespace Quiver.Tests.Integration.Api;

public sealed class HttpWatchTests
{
    private static readonly JobId Job = JobId.Parse("job-1");

    [Fact]
    public async Task Watch_OfAFinalJob_EndsAfterItsLastEvent()
    {
        await using var server = await ApiServer.StartAsync();
        server.Script.History = [ScriptedQuiverClient.Event(1), ScriptedQuiverClient.Event(2, JobState.Completed, JobEventKind.StateChanged)];
        server.Script.Live.Writer.Complete();

        var events = await CollectAsync(server, server.Server.LocalAddress);

        Assert.Equal(server.Script.History, events);
        Assert.Equal([0L], server.Script.WatchedAfter);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Watch_OverConnectionsCutAnywhere_YieldsEachEventOnce(int seed)
    {
        await using var server = await ApiServer.StartAsync();
        server.Script.History =
        [
            .. Enumerable.Range(1, 200).Select(at => ScriptedQuiverClient.Event(at)),
            ScriptedQuiverClient.Event(201, JobState.Completed, JobEventKind.StateChanged),
        ];
        server.Script.Live.Writer.Complete();
        await using var proxy = new CuttingProxy(server.Server.LocalAddress);
        var random = new Random(seed);
        for (var cut = 0; cut < 30; cut++)
        {
            proxy.Ends.Enqueue(new(random.Next(0, 6000)));
        }

        var events = await CollectAsync(server, proxy.Address);

        Assert.Equal(Enumerable.Range(1, 201).Select(at => (long)at), events.Select(item => item.Sequence));
        Assert.True(server.Script.WatchedAfter.Count > 1, $"seed {seed}: no connection was cut");
    }

    [Fact]
    public async Task Watch_CutAfterTheFinalEvent_AsksOnceMoreAndEnds()
    {
        await using var server = await ApiServer.StartAsync();
        server.Script.History = [ScriptedQuiverClient.Event(1, JobState.Completed, JobEventKind.StateChanged)];
        await using var proxy = new CuttingProxy(server.Server.LocalAddress);
        List<long> seen = [];

        await foreach (var item in server.Client(address: proxy.Address).WatchJobAsync(Job, 0, TestContext.Current.CancellationToken))
        {
            seen.Add(item.Sequence);
            server.Script.Live.Writer.TryComplete();
            proxy.CutAll();
        }

        Assert.Equal([1L], seen);
        Assert.Equal([0L, 1L], server.Script.WatchedAfter);
    }

    [Fact]
    public async Task Watch_WithoutAServerForTooLong_GivesUp()
    {
        await using var server = await ApiServer.StartAsync();
        await using var proxy = new CuttingProxy(server.Server.LocalAddress) { Refuses = true };

        var error = await Assert.ThrowsAsync<TransientException>(() => CollectAsync(server, proxy.Address, TimeSpan.FromSeconds(5)));

        Assert.Equal(ErrorCodes.ServerUnavailable, error.Code);
        Assert.True(proxy.Accepted > 1);
    }

    [Fact]
    public async Task Watch_OfAnUnknownJob_SaysSoAtOnce()
    {
        await using var server = await ApiServer.StartAsync();
        server.Script.Faults.Enqueue(new NotFoundException(ErrorCodes.UnknownJob, "No."));

        var error = await Assert.ThrowsAsync<NotFoundException>(() => CollectAsync(server, server.Server.LocalAddress));

        Assert.Equal(ErrorCodes.UnknownJob, error.Code);
    }

    [Fact]
    public async Task Watch_Cancelled_EndsThere()
    {
        await using var server = await ApiServer.StartAsync();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var watching = Task.Run(async () =>
        {
            await foreach (var _ in server.Client().WatchJobAsync(Job, 0, stop.Token))
            {
                Assert.Fail("There are no events.");
            }
        }, TestContext.Current.CancellationToken);
        await server.Script.Watching.Task.WaitAsync(TestContext.Current.CancellationToken);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watching);
    }

    private static async Task<List<JobEvent>> CollectAsync(ApiServer server, Uri address, TimeSpan? giveUp = null)
    {
        List<JobEvent> events = [];
        var client = server.Client(address: address, configure: options => options.WatchGiveUpAfter = giveUp ?? TimeSpan.FromSeconds(30));
        await foreach (var item in client.WatchJobAsync(Job, 0, TestContext.Current.CancellationToken))
        {
            events.Add(item);
        }

        return events;
    }
}
