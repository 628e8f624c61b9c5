using Orleans;
using Orleans.Runtime;
using Orleans.Streams;
using Quiver.Tests.Conformance.Runtime.Grains;

namespace Quiver.Tests.Conformance.Runtime;

/// <summary>Streams from grains to clients.</summary>
public abstract class StreamsConformance<TFixture> : RuntimeConformance<TFixture>
    where TFixture : RuntimeFixture, new()
{
    private IStreamGrain Producer => Client.GetGrain<IStreamGrain>("a");

    private IAsyncStream<int> Stream => Client.GetStreamProvider(RuntimeFixture.Streams).GetStream<int>(StreamId.Create("numbers", "a"));

    [Fact]
    public async Task Subscribers_All_ReceiveEverythingInOrder()
    {
        await Stream.SubscribeAsync((item, _) => Record($"x{item}"));
        await Stream.SubscribeAsync((item, _) => Record($"y{item}"));

        await Soon(Producer.SendAsync(0, 200));

        await Journal.WaitForAsync("x199");
        await Journal.WaitForAsync("y199");
        Assert.Equal(Enumerable.Range(0, 200).Select(i => $"x{i}"), Journal.Entries.Where(entry => entry[0] == 'x'));
        Assert.Equal(Enumerable.Range(0, 200).Select(i => $"y{i}"), Journal.Entries.Where(entry => entry[0] == 'y'));
    }

    [Fact]
    public async Task Subscriber_Slow_NeverBlocksTheProducer()
    {
        await Stream.SubscribeAsync(async (item, _) =>
        {
            Journal.Add($"{item}");
            await Journal.PassAsync("slow");
        });

        await Soon(Producer.SendAsync(0, 100));

        await Journal.WaitForAsync("0");
        Assert.Equal(["0"], Journal.Entries);
        Journal.Open("slow");
        await Journal.WaitForAsync("99");
    }

    [Fact]
    public async Task Subscriber_Late_ReceivesWhatIsSentFromThenOn()
    {
        await Soon(Producer.SendAsync(0, 3));
        await Stream.SubscribeAsync((item, _) => Record($"{item}"));

        await Soon(Producer.SendAsync(3, 1));

        await Journal.WaitForAsync("3");

        // What was under way when it came, it may receive as well.
        Assert.Equal("3", Journal.Entries[^1]);
        Assert.Equal(Journal.Entries.Order(), Journal.Entries);
    }

    [Fact]
    public async Task Subscriber_Unsubscribed_ReceivesNoMore()
    {
        var handle = await Stream.SubscribeAsync((item, _) => Record($"x{item}"));
        await Stream.SubscribeAsync((item, _) => Record($"y{item}"));
        await Soon(Producer.SendAsync(0, 1));
        await Journal.WaitForAsync("x0");

        await handle.UnsubscribeAsync();
        await Soon(Producer.SendAsync(1, 1));

        await Journal.WaitForAsync("y1");
        Assert.DoesNotContain("x1", Journal.Entries);
        await Assert.ThrowsAsync<InvalidOperationException>(handle.UnsubscribeAsync);
    }

    [Fact]
    public async Task Subscriber_Throwing_ReceivesTheItemAgainAndThenTheNext()
    {
        var attempts = 0;
        await Stream.SubscribeAsync((item, _) =>
        {
            Journal.Add($"{item}");
            return Interlocked.Increment(ref attempts) == 1 ? throw new InvalidOperationException("once") : Task.CompletedTask;
        });
        await Soon(Producer.SendAsync(0, 2));
        await Journal.WaitForAsync("0");

        await AdvanceUntilAsync(entries => entries.Contains("1"), TimeSpan.FromSeconds(1));

        Assert.Equal(["0", "0", "1"], Journal.Entries);
    }

    private Task Record(string entry)
    {
        Journal.Add(entry);
        return Task.CompletedTask;
    }
}
