using System.Threading.Channels;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Providers.Streams.Common;
using Orleans.Runtime;
using Orleans.Streams;

namespace Quiver.Silo.Hosting;

/// <summary>
/// The queue behind Orleans streams for a silo on its own. A published event wakes the reader at once, and an idle queue costs nothing;
/// Orleans' memory streams poll a grain instead, which delays each event and keeps an idle process busy.
/// </summary>
internal sealed class InProcessStreams : IQueueAdapterFactory, IQueueAdapter, IQueueAdapterReceiver
{
    /// <summary>Events that wait for the reader; the oldest gives way, because subscribers take what they miss from the ledger.</summary>
    private const int Capacity = 4096;

    /// <summary>Orleans forgets idle subscribers between two reads.</summary>
    private static readonly TimeSpan LongestRead = TimeSpan.FromSeconds(10);

    /// <summary>Orleans pauses this long after a read that found nothing, and while a stream's first subscriber registers.</summary>
    private static readonly TimeSpan PauseBetweenReads = TimeSpan.FromMilliseconds(10);

    private readonly Channel<Batch> _queue = Channel.CreateBounded<Batch>(new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropOldest });
    private readonly HashRingBasedStreamQueueMapper _mapper;
    private readonly SimpleQueueAdapterCache _cache;
    private readonly Lock _order = new();
    private long _sequence;

    private InProcessStreams(string name, ILoggerFactory logging)
    {
        Name = name;
        _mapper = new HashRingBasedStreamQueueMapper(new HashRingStreamQueueMapperOptions { TotalQueueCount = 1 }, name);
        _cache = new SimpleQueueAdapterCache(new SimpleQueueCacheOptions(), name, logging);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public bool IsRewindable => false;

    /// <inheritdoc/>
    public StreamProviderDirection Direction => StreamProviderDirection.ReadWrite;

    /// <summary>Adds a stream provider over such a queue.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="name">The provider's name.</param>
    public static void AddTo(ISiloBuilder silo, string name) => silo.AddPersistentStreams(
        name,
        static (services, name) => new InProcessStreams(name, services.GetRequiredService<ILoggerFactory>()),
        static streams => streams.ConfigurePullingAgent(static (OptionsBuilder<StreamPullingAgentOptions> agent) =>
            agent.Configure(static options => options.GetQueueMsgsTimerPeriod = PauseBetweenReads)));

    /// <inheritdoc/>
    public Task<IQueueAdapter> CreateAdapter() => Task.FromResult<IQueueAdapter>(this);

    /// <inheritdoc/>
    public IQueueAdapterCache GetQueueAdapterCache() => _cache;

    /// <inheritdoc/>
    public IStreamQueueMapper GetStreamQueueMapper() => _mapper;

    /// <inheritdoc/>
    public Task<IStreamFailureHandler> GetDeliveryFailureHandler(QueueId queueId) => Task.FromResult<IStreamFailureHandler>(new NoOpStreamDeliveryFailureHandler());

    /// <inheritdoc/>
    public IQueueAdapterReceiver CreateReceiver(QueueId queueId) => this;

    /// <inheritdoc/>
    public Task QueueMessageBatchAsync<T>(StreamId streamId, IEnumerable<T> events, StreamSequenceToken? token, Dictionary<string, object>? requestContext)
    {
        var items = events.Cast<object>().ToArray();

        // The cache behind the reader takes batches in the order of their numbers only.
        lock (_order)
        {
            _queue.Writer.TryWrite(new Batch(streamId, items, new EventSequenceTokenV2(++_sequence)));
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task Initialize(TimeSpan timeout) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task<IList<IBatchContainer>> GetQueueMessagesAsync(int maxCount) => GetQueueMessagesAsync(maxCount, CancellationToken.None);

    /// <inheritdoc/>
    public async Task<IList<IBatchContainer>> GetQueueMessagesAsync(int maxCount, CancellationToken cancellationToken)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        waiting.CancelAfter(LongestRead);
        try
        {
            await _queue.Reader.WaitToReadAsync(waiting.Token);
        }
        catch (OperationCanceledException)
        {
            return [];
        }

        List<IBatchContainer> batches = [];
        while ((maxCount < 0 || batches.Count < maxCount) && _queue.Reader.TryRead(out var batch))
        {
            batches.Add(batch);
        }

        return batches;
    }

    /// <inheritdoc/>
    public Task MessagesDeliveredAsync(IList<IBatchContainer> messages) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task Shutdown(TimeSpan timeout) => Task.CompletedTask;

    private sealed class Batch(StreamId stream, object[] events, EventSequenceTokenV2 token) : IBatchContainer
    {
        public StreamId StreamId => stream;

        public StreamSequenceToken SequenceToken => token;

        public IEnumerable<Tuple<T, StreamSequenceToken>> GetEvents<T>() =>
            events.OfType<T>().Select((item, index) => Tuple.Create<T, StreamSequenceToken>(item, token.CreateSequenceTokenForEvent(index)));

        public bool ImportRequestContext() => false;
    }
}
