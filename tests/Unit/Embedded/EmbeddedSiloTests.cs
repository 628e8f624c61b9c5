using Orleans;
using Orleans.Runtime;
using Quiver.Tests.Conformance.Runtime;
using Quiver.Tests.Conformance.Runtime.Embedded;
using Quiver.Tests.Conformance.Runtime.Grains;

namespace Quiver.Tests.Unit.Embedded;

/// <summary>What the embedded runtime does beyond the conformance suite.</summary>
public sealed class EmbeddedSiloTests : IAsyncLifetime
{
    private readonly EmbeddedMemoryFixture _host = new();

    private Journal Journal => _host.Journal;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Reader_BehindWaitingWriter_DoesNotOvertake()
    {
        await _host.StartAsync();
        var grain = _host.Client.GetGrain<ITurnGrain>("a");
        var calls = new List<Task> { grain.ReadAsync("r1"), grain.ReadAsync("r2") };
        await Journal.WaitForAsync("r2<");
        calls.Add(grain.RunAsync("w"));
        calls.Add(grain.ReadAsync("r3"));
        foreach (var gate in (string[])["w", "r3", "r1", "r2"]) Journal.Open(gate);

        await Task.WhenAll(calls).WaitAsync(TimeSpan.FromSeconds(20), Token);

        Assert.Equal(["w<", "w>", "r3<", "r3>"], Journal.Entries.Skip(4));
    }

    [Fact]
    public async Task Queue_Full_RefusesWithTheLimit()
    {
        _host.Adjust = options => options.MaxQueuedCalls = 2;
        await _host.StartAsync();
        var grain = _host.Client.GetGrain<ITurnGrain>("a");
        var running = grain.RunAsync("1");
        await Journal.WaitForAsync("1<");
        var waiting = new[] { grain.NothingAsync(), grain.NothingAsync() };

        await Assert.ThrowsAsync<LimitExceededException>(() => grain.NothingAsync());

        Journal.Open("1");
        await Task.WhenAll([running, .. waiting]).WaitAsync(TimeSpan.FromSeconds(20), Token);
    }

    [Fact]
    public async Task Stop_TakingTooLong_GivesUpAndFailsWhatStillWaits()
    {
        await _host.StartAsync();
        var grain = _host.Client.GetGrain<ITurnGrain>("a");
        _ = grain.RunAsync("1");
        await Journal.WaitForAsync("1<");
        var stop = _host.StopAsync();

        _host.Time.Advance(TimeSpan.FromSeconds(31));

        await stop.WaitAsync(TimeSpan.FromSeconds(20), Token);
        await Assert.ThrowsAsync<OrleansException>(() => grain.NothingAsync());
        Journal.Open("1");
    }

    [Fact]
    public async Task Reminders_NotStarted_WakeNobodyButAreKept()
    {
        await _host.StartAsync();
        await _host.Client.GetGrain<IReminderGrain>("a").RegisterAsync("r", TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));
        await _host.StopAsync();
        _host.Adjust = options => options.StartReminders = false;
        await _host.StartAsync();

        _host.Time.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal("r", await _host.Client.GetGrain<IReminderGrain>("a").ListAsync());
        Assert.Equal(["activated", "activated"], Journal.Entries);
    }

    [Fact]
    public async Task Subscriber_FallingBehind_LosesTheOldestAndSeesTheGap()
    {
        _host.Adjust = options => options.StreamQueueCapacity = 4;
        await _host.StartAsync();
        var numbers = new List<long>();
        var stream = _host.Client.GetStreamProvider(RuntimeFixture.Streams).GetStream<int>(StreamId.Create("numbers", "a"));
        await Orleans.Streams.AsyncObservableExtensions.SubscribeAsync(stream, async (item, token) =>
        {
            numbers.Add(token!.SequenceNumber);
            Journal.Add($"{item}");
            await Journal.PassAsync("slow");
        });
        var producer = _host.Client.GetGrain<IStreamGrain>("a");
        await producer.SendAsync(0, 1);
        await Journal.WaitForAsync("0");
        await producer.SendAsync(1, 10);

        Journal.Open("slow");

        await Journal.WaitForAsync("10");
        Assert.Equal([1L, 8L, 9L, 10L, 11L], numbers);
    }

    [Fact]
    public async Task Timer_RegisteredInATrace_DoesNotTickInIt()
    {
        await _host.StartAsync();
        var grain = _host.Client.GetGrain<ITurnGrain>("a");
        using (new System.Diagnostics.Activity("caller").Start())
        {
            await grain.StartTracingTimerAsync(TimeSpan.FromSeconds(1));
        }

        _host.Time.Advance(TimeSpan.FromSeconds(1));

        await Journal.WaitForAsync("tick without trace");
    }

    [Fact]
    public async Task Grain_WithConstructorThatThrows_GivesTheCallerItsException()
    {
        await _host.StartAsync();

        await Assert.ThrowsAsync<TestStateException>(() => _host.Client.GetGrain<IBrokenGrain>("throws").NothingAsync());
    }

    [Fact]
    public async Task Calls_AfterTheStop_AreRefused()
    {
        await _host.StartAsync();
        await _host.StopAsync();

        var error = await Assert.ThrowsAsync<OrleansException>(() => _host.Client.GetGrain<ITurnGrain>("a").NothingAsync());

        Assert.Contains("stopping", error.Message, StringComparison.Ordinal);
    }
}
