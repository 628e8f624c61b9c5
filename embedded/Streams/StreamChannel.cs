namespace Quiver.Embedded.Streams;

/// <summary>The subscribers of one stream.</summary>
/// <typeparam name="T">The items' type.</typeparam>
internal sealed class StreamChannel<T> : IStreamChannel
{
    private readonly Lock _gate = new();
    private Subscription<T>[] _subscriptions = [];
    private long _sequence;

    internal bool IsEmpty => _subscriptions.Length == 0;

    public Task CompleteAsync()
    {
        lock (_gate) return Task.WhenAll(_subscriptions.Select(subscription => subscription.CompleteAsync()));
    }

    internal void Add(Subscription<T> subscription)
    {
        lock (_gate) _subscriptions = [.. _subscriptions, subscription];
    }

    internal bool Remove(Subscription<T> subscription)
    {
        lock (_gate)
        {
            var before = _subscriptions.Length;
            _subscriptions = [.. _subscriptions.Where(other => other != subscription)];
            return _subscriptions.Length < before;
        }
    }

    /// <summary>Queues an item for every subscriber; the lock makes the order the same for all.</summary>
    internal void Publish(T item)
    {
        lock (_gate)
        {
            var token = new SequenceToken(++_sequence);
            foreach (var subscription in _subscriptions) subscription.Enqueue(item, token);
        }
    }
}
