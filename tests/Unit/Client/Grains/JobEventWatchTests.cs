using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Streams;
using Quiver.Client;
using Quiver.Client.Grains;
using Quiver.Silo.Hosting;
using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Client.Grains;

/// <summary>Watches a scripted job on the real runtime: events that the stream loses come from the ledger.</summary>
public sealed class JobEventWatchTests : IAsyncLifetime
{
    private static readonly JobKey Key = JobKey.Parse("tenant/job");
    private static readonly StreamId Stream = StreamId.Create(StreamNames.JobEvents, Key.ToString());

    private readonly JobScript _script = new();
    private SingleSilo? _silo;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IQuiverClient Client => _silo!.Services.GetRequiredService<IQuiverClientFactory>().Create(Key.Tenant);

    private IStreamProvider Streams => _silo!.Services.GetRequiredService<IClusterClient>().GetStreamProvider(StreamNames.Provider);

    public async ValueTask InitializeAsync() => _silo = await SingleSilo.StartAsync(
        silo =>
        {
            silo.Services.AddSingleton(_script).AddQuiverGrainClient();

            // The quiet period is much longer than a delivery: otherwise a watch would treat a slow stream as silent and subscribe again.
            silo.Services.Configure<GrainClientOptions>(static options =>
                (options.WatchQuietPeriod, options.WatchCapacity, options.PageSize) = (TimeSpan.FromSeconds(1), 4, 3));
            silo.AddOutgoingGrainCallFilter<ScriptedCalls>();
            silo.AddPubSubStore();
            silo.AddMemoryStreams(StreamNames.Provider, static streams => streams.ConfigurePullingAgent(
                static agent => agent.Configure(static options => options.GetQueueMsgsTimerPeriod = TimeSpan.FromMilliseconds(10))));
        },
        Token);

    public ValueTask DisposeAsync() => _silo!.DisposeAsync();

    [Fact]
    public async Task Watch_OfEventsThatTheStreamLost_TakesThemFromTheLedger()
    {
        await using var watch = Watch();
        _script.Write(JobScript.Event(1));
        await ExpectAsync(watch, 1);

        _script.Write(JobScript.Event(2), JobScript.Event(3, JobState.Completed));

        await ExpectAsync(watch, 2, 3);
        Assert.False(await watch.MoveNextAsync());
    }

    [Fact]
    public async Task Watch_WithAGap_FillsItFromTheLedgerInOrder()
    {
        await using var watch = Watch();
        _script.Write(JobScript.Event(1));
        await ExpectAsync(watch, 1);

        _script.Write(JobScript.Event(2), JobScript.Event(3));
        await PublishAsync(JobScript.Event(3));
        await PublishAsync(JobScript.Event(1));
        await PublishAsync(JobScript.Event(4));

        await ExpectAsync(watch, 2, 3, 4);
    }

    [Fact]
    public async Task Watch_WithALedgerBehindTheStream_WaitsForItALittle()
    {
        await using var watch = Watch();
        _script.Write(JobScript.Event(1));
        await ExpectAsync(watch, 1);
        var reads = _script.Reads;
        _script.BeforeRead = number =>
        {
            if (number == reads + 4)
            {
                _script.Write(JobScript.Event(2));
            }
        };

        await PublishAsync(JobScript.Event(3));

        await ExpectAsync(watch, 2, 3);
    }

    [Fact]
    public async Task Watch_OfAnEventThatIsLost_ContinuesWithTheNext()
    {
        await using var watch = Watch();
        _script.Write(JobScript.Event(1));
        await ExpectAsync(watch, 1);

        await PublishAsync(JobScript.Event(3));

        await ExpectAsync(watch, 3);
    }

    [Fact]
    public async Task Watch_OfMoreThanItsQueueHolds_MissesNothing()
    {
        await using var watch = Watch();
        _script.Write(JobScript.Event(1));
        await ExpectAsync(watch, 1);
        var events = Enumerable.Range(2, 40).Select(at => JobScript.Event(at)).ToArray();

        _script.Write(events);
        foreach (var item in events)
        {
            await PublishAsync(item);
        }

        await ExpectAsync(watch, [.. events.Select(static item => item.Sequence)]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task Watch_OfAFinalJobWhoseLastEventIsLost_EndsWithWhatThereIs(int kept)
    {
        _script.Write([.. Enumerable.Range(1, kept).Select(at => JobScript.Event(at))]);
        _script.Current = JobScript.Status(JobState.Failed, kept + 1);
        await using var watch = Watch();

        await ExpectAsync(watch, [.. Enumerable.Range(1, kept).Select(at => (long)at)]);

        Assert.False(await watch.MoveNextAsync());
    }

    [Fact]
    public async Task Watch_AfterTheLastEventOfAFinalJob_EndsAtOnce()
    {
        _script.Write(JobScript.Event(1), JobScript.Event(2, JobState.Completed));
        _script.Current = JobScript.Status(JobState.Completed, 2);
        await using var watch = Watch(2);

        Assert.False(await watch.MoveNextAsync());
    }

    [Fact]
    public async Task Watch_ThatEndsOrIsLeft_UnsubscribesFromTheStream()
    {
        _script.Write(JobScript.Event(1), JobScript.Event(2, JobState.Completed));
        var left = Watch();
        await ExpectAsync(left, 1);
        Assert.NotEmpty(await Streams.GetStream<JobEvent>(Stream).GetAllSubscriptionHandles());

        await left.DisposeAsync();

        Assert.Empty(await Streams.GetStream<JobEvent>(Stream).GetAllSubscriptionHandles());
    }

    [Fact]
    public async Task Call_ThatTimesOutInside_IsATransientTimeout()
    {
        var error = await Assert.ThrowsAsync<TransientException>(() => Client.CancelJobAsync(Key.Job, Token));

        Assert.Equal(ErrorCodes.Timeout, error.Code);
    }

    [Fact]
    public async Task Call_ThatFailsInside_SaysNothingOfTheInside()
    {
        var error = await Assert.ThrowsAsync<PermanentException>(() => Client.RetryJobAsync(Key.Job, Token));

        Assert.Equal(ErrorCodes.Internal, error.Code);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    private static async Task ExpectAsync(IAsyncEnumerator<JobEvent> watch, params long[] sequences)
    {
        foreach (var sequence in sequences)
        {
            Assert.True(await watch.MoveNextAsync());
            Assert.Equal(sequence, watch.Current.Sequence);
        }
    }

    private IAsyncEnumerator<JobEvent> Watch(long after = 0) => Client.WatchJobAsync(Key.Job, after, Token).GetAsyncEnumerator(Token);

    /// <summary>Publishes after the watch has subscribed: the watch waits for that only for its quiet period, and a loaded machine may take longer.</summary>
    private async Task PublishAsync(JobEvent item)
    {
        var stream = Streams.GetStream<JobEvent>(Stream);
        await Patience.UntilAsync(async () => (await stream.GetAllSubscriptionHandles()).Count > 0, "a watch to subscribe");
        await stream.OnNextAsync(item);
    }
}
