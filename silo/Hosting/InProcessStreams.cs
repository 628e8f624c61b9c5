using System.Threading.Channels;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Providers.Streams.Common;
using Orleans.Runtime;
using Orleans.Streams;

namespace Quiver.Silo.Hosting;

/// <summary>
/// The queue behind Orleans streams in a single silo. A published event wakes the reader at once. Orleans' memory streams poll a
/// grain instead, which delays each event and keeps an idle process busier.
/// </summary>
internal sealed class InProcessStreams : IQueueAdapterFactory, IQueueAdapter, IQueueAdapterReceiver
{
    /// <summary>Maximum number of waiting events. The oldest is dropped, because subscribers read what they miss from the ledger.</summary>
    private const int Capacity = 4096;

    /// <summary>Maximum time of one read. Orleans adds and removes subscribers between two reads only, so those wait as long.</summary>
    private static readonly TimeSpan MaxReadTime = TimeSpan.FromMilliseconds(50);

    /// <summary>Orleans' delay after an empty read, and while a stream's first subscriber registers.</summary>
    private static readonly TimeSpan ReadDelay = TimeSpan.FromMilliseconds(10);

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

    public string Name { get; }

    public bool IsRewindable => false;

    public StreamProviderDirection Direction => StreamProviderDirection.ReadWrite;

    /// <summary>Adds a stream provider over an in-process queue.</summary>
    public static void AddTo(ISiloBuilder silo, string name) => silo.AddPersistentStreams(
        name,
        static (services, name) => new InProcessStreams(name, services.GetRequiredService<ILoggerFactory>()),
        static streams => streams.ConfigurePullingAgent(static (OptionsBuilder<StreamPullingAgentOptions> agent) =>
            agent.Configure(static options => options.GetQueueMsgsTimerPeriod = ReadDelay)));

    public Task<IQueueAdapter> CreateAdapter() => Task.FromResult<IQueueAdapter>(this);

    public IQueueAdapterCache GetQueueAdapterCache() => _cache;

    public IStreamQueueMapper GetStreamQueueMapper() => _mapper;

    public Task<IStreamFailureHandler> GetDeliveryFailureHandler(QueueId queueId) =>
        Task.FromResult<IStreamFailureHandler>(new NoOpStreamDeliveryFailureHandler());

    public IQueueAdapterReceiver CreateReceiver(QueueId queueId) => this;

    public Task QueueMessageBatchAsync<T>(StreamId streamId, IEnumerable<T> events, StreamSequenceToken? token, Dictionary<string, object>? requestContext)
    {
        var items = events.Cast<object>().ToArray();

        // The cache behind the reader requires batches in the order of their numbers.
        lock (_order)
        {
            _queue.Writer.TryWrite(new Batch(streamId, items, new EventSequenceTokenV2(++_sequence)));
        }

        return Task.CompletedTask;
    }

    public Task Initialize(TimeSpan timeout) => Task.CompletedTask;

    public Task<IList<IBatchContainer>> GetQueueMessagesAsync(int maxCount) => GetQueueMessagesAsync(maxCount, CancellationToken.None);

    public async Task<IList<IBatchContainer>> GetQueueMessagesAsync(int maxCount, CancellationToken cancellationToken)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        waiting.CancelAfter(MaxReadTime);
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

    public Task MessagesDeliveredAsync(IList<IBatchContainer> messages) => Task.CompletedTask;

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
