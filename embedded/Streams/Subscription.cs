using System.Threading.Channels;
using Orleans.Runtime;
using Orleans.Streams;
using Quiver.Embedded.Hosting;

namespace Quiver.Embedded.Streams;

/// <summary>
/// A subscriber with its bounded queue and the loop that delivers, on the thread pool, one item at a time. An item that the subscriber
/// throws on is delivered again after a growing wait; after a minute it is given up, reported to the subscriber, and the next one follows.
/// </summary>
/// <typeparam name="T">The items' type.</typeparam>
internal sealed class Subscription<T> : StreamSubscriptionHandle<T>
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan GiveUpAfter = TimeSpan.FromMinutes(1);

    private readonly LocalStreamProvider _provider;
    private readonly IAsyncObserver<T> _observer;
    private readonly Channel<(T Item, SequenceToken Token)> _queue;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _delivery;

    internal Subscription(LocalStreamProvider provider, StreamId streamId, IAsyncObserver<T> observer)
    {
        _provider = provider;
        _observer = observer;
        StreamId = streamId;
        _queue = Channel.CreateBounded<(T, SequenceToken)>(
            new BoundedChannelOptions(provider.Silo.Options.StreamQueueCapacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
        using var suppressed = ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow();
        _delivery = Task.Run(DeliverAsync);
    }

    public override StreamId StreamId { get; }

    public override string ProviderName => _provider.Name;

    public override Guid HandleId { get; } = Guid.NewGuid();

    public override Task UnsubscribeAsync()
    {
        if (!_provider.Unsubscribe(this)) throw new InvalidOperationException("The subscription has ended.");
        _ended.TrySetResult();
        _queue.Writer.TryComplete();
        return Task.CompletedTask;
    }

    internal void Enqueue(T item, SequenceToken token) => _queue.Writer.TryWrite((item, token));

    internal Task CompleteAsync()
    {
        _queue.Writer.TryComplete();
        return _delivery;
    }

    private async Task DeliverAsync()
    {
        await foreach (var (item, token) in _queue.Reader.ReadAllAsync())
        {
            var waited = TimeSpan.Zero;
            for (var wait = FirstRetry; !_ended.Task.IsCompleted && !await TryDeliverAsync(item, token, final: waited >= GiveUpAfter); wait *= 2)
            {
                waited += wait;
                await Task.WhenAny(_ended.Task, Task.Delay(wait, _provider.Silo.TimeProvider, _provider.Silo.StopToken));
            }
        }
    }

    private async Task<bool> TryDeliverAsync(T item, SequenceToken token, bool final)
    {
        try
        {
            await _observer.OnNextAsync(item, token);
            return true;
        }
        catch (Exception error)
        {
            _provider.Silo.Log.DeliveryFailed(token.SequenceNumber, StreamId, error);
            if (final || _provider.Silo.StopToken.IsCancellationRequested) await ReportAsync(error);
            return final || _provider.Silo.StopToken.IsCancellationRequested;
        }
    }

    private async Task ReportAsync(Exception error)
    {
        try
        {
            await _observer.OnErrorAsync(error);
        }
        catch (Exception second)
        {
            _provider.Silo.Log.DeliveryFailed(-1, StreamId, second);
        }
    }
}
