using System.Threading.Channels;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Providers;
using Orleans.Runtime;
using Orleans.Streams;

namespace Quiver.Silo.Hosting;

/// <summary>
/// Orleans' memory streams for a single silo, whose reader is woken by a published event. The original polls: that delays each event, and keeps an
/// idle process busier.
/// </summary>
internal sealed class InProcessStreams : IQueueAdapterFactory, IQueueAdapter
{
    /// <summary>Maximum wait of an idle reader: Orleans forgets inactive streams and old events between two reads.</summary>
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(10);

    /// <summary>Orleans' delay after an empty read, and while a stream's first subscriber registers.</summary>
    private static readonly TimeSpan ReadDelay = TimeSpan.FromMilliseconds(10);

    private readonly MemoryAdapterFactory<DefaultMemoryMessageBodySerializer> _memory;

    // One entry says that there is something to read; more would say the same.
    private readonly Channel<bool> _published = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private InProcessStreams(IServiceProvider services, string name) => _memory = MemoryAdapterFactory<DefaultMemoryMessageBodySerializer>.Create(services, name);

    public string Name => _memory.Name;

    public bool IsRewindable => _memory.IsRewindable;

    public StreamProviderDirection Direction => _memory.Direction;

    /// <summary>Adds a stream provider with one queue.</summary>
    public static void AddTo(ISiloBuilder silo, string name) => silo.AddPersistentStreams(
        name,
        static (services, name) => new InProcessStreams(services, name),
        static streams =>
        {
            streams.Configure<HashRingStreamQueueMapperOptions>(static mapper => mapper.Configure(static options => options.TotalQueueCount = 1));
            streams.ConfigurePullingAgent(static (OptionsBuilder<StreamPullingAgentOptions> agent) =>
                agent.Configure(static options => options.GetQueueMsgsTimerPeriod = ReadDelay));
        });

    public Task<IQueueAdapter> CreateAdapter() => Task.FromResult<IQueueAdapter>(this);

    public IQueueAdapterCache GetQueueAdapterCache() => _memory.GetQueueAdapterCache();

    public IStreamQueueMapper GetStreamQueueMapper() => _memory.GetStreamQueueMapper();

    public Task<IStreamFailureHandler> GetDeliveryFailureHandler(QueueId queueId) => _memory.GetDeliveryFailureHandler(queueId);

    public IQueueAdapterReceiver CreateReceiver(QueueId queueId) => new Receiver(_memory.CreateReceiver(queueId), _published.Reader);

    public async Task QueueMessageBatchAsync<T>(
        StreamId streamId, IEnumerable<T> events, StreamSequenceToken? token, Dictionary<string, object>? requestContext)
    {
        await _memory.QueueMessageBatchAsync(streamId, events, token, requestContext);
        _published.Writer.TryWrite(true);
    }

    private sealed class Receiver(IQueueAdapterReceiver queue, ChannelReader<bool> published) : IQueueAdapterReceiver
    {
        public Task Initialize(TimeSpan timeout) => queue.Initialize(timeout);

        public Task<IList<IBatchContainer>> GetQueueMessagesAsync(int maxCount) => GetQueueMessagesAsync(maxCount, CancellationToken.None);

        public async Task<IList<IBatchContainer>> GetQueueMessagesAsync(int maxCount, CancellationToken cancellationToken)
        {
            if (await queue.GetQueueMessagesAsync(maxCount, cancellationToken) is { Count: > 0 } messages)
            {
                return messages;
            }

            using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            waiting.CancelAfter(MaxWait);
            try
            {
                await published.ReadAsync(waiting.Token);
            }
            catch (OperationCanceledException)
            {
                return [];
            }

            return await queue.GetQueueMessagesAsync(maxCount, cancellationToken);
        }

        public Task MessagesDeliveredAsync(IList<IBatchContainer> messages) => MessagesDeliveredAsync(messages, CancellationToken.None);

        public Task MessagesDeliveredAsync(IList<IBatchContainer> messages, CancellationToken cancellationToken) =>
            queue.MessagesDeliveredAsync(messages, cancellationToken);

        public Task Shutdown(TimeSpan timeout) => queue.Shutdown(timeout);
    }
}
