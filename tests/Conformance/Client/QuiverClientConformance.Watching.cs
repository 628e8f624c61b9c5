namespace Quiver.Tests.Conformance.Client;

public abstract partial class QuiverClientConformance
{
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
    public async Task Watch_ByManyAtOnce_TellsAllTheSame()
    {
        _fixture.Model.Hold("number0");
        var job = await SubmitAsync(6);
        var watches = Enumerable.Range(0, 5).Select(_ => WatchAsync(_client, job.Id)).ToList();
        _fixture.Model.Open();

        var told = await Task.WhenAll(watches);

        Assert.All(told, events => Assert.Equal(told[0], events));
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
}
