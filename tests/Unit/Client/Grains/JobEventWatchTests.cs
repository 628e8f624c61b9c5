using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans;
using Orleans.Runtime;
using Quiver.Client;
using Quiver.Client.Grains;
using Quiver.Embedded.Hosting;
using Quiver.Embedded.Streams;

namespace Quiver.Tests.Unit.Client.Grains;

/// <summary>Watches on the real runtime over a scripted job: what the stream loses, the ledger brings.</summary>
public sealed class JobEventWatchTests : IAsyncLifetime
{
    private static readonly JobKey Key = JobKey.Parse("tenant/job");
    private static readonly StreamId Stream = StreamId.Create(StreamNames.JobEvents, Key.ToString());

    private readonly JobScript _script = new();
    private IHost? _host;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IQuiverClient Client => _host!.Services.GetRequiredService<IQuiverClientFactory>().Create(Key.Tenant);

    private LocalStreamProvider Streams => (LocalStreamProvider)_host!.Services.GetRequiredService<IClusterClient>().GetStreamProvider(StreamNames.Provider);

    public async ValueTask InitializeAsync()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddLogging().AddSingleton(_script).AddQuiverGrainClient();
        builder.Services.Configure<GrainClientOptions>(static options =>
            (options.WatchQuietPeriod, options.WatchCapacity, options.PageSize) = (TimeSpan.FromMilliseconds(50), 4, 3));
        builder.Services.AddEmbeddedOrleans(static orleans =>
            orleans.AddGrain<ScriptedJobGrain>().AddGrain<ScriptedLedgerGrain>().AddStreams(StreamNames.Provider));
        _host = builder.Build();
        await _host.StartAsync(Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _host!.StopAsync(CancellationToken.None);
        _host.Dispose();
    }

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
                _script.Write(JobScript.Event(2));
        };

        await PublishAsync(JobScript.Event(3));

        await ExpectAsync(watch, 2, 3);
    }

    [Fact]
    public async Task Watch_OfAnEventThatIsGoneForGood_GoesOnWithTheNext()
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
            await PublishAsync(item);

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
        Assert.NotNull(Streams.Find<JobEvent>(Stream));

        await left.DisposeAsync();

        Assert.Null(Streams.Find<JobEvent>(Stream));
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

    private Task PublishAsync(JobEvent item) => Streams.GetStream<JobEvent>(Stream).OnNextAsync(item);
}
