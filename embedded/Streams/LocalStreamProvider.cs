using System.Collections.Concurrent;
using Orleans.Runtime;
using Orleans.Streams;
using Quiver.Embedded.Hosting;

namespace Quiver.Embedded.Streams;

/// <summary>
/// Streams within the process, from grains to subscribers outside of grains. An item goes into the bounded queue of every subscriber, so that no producer ever waits;
/// when a queue is full its oldest item is dropped, which the subscriber sees as a gap in <see cref="StreamSequenceToken.SequenceNumber"/>.
/// </summary>
internal sealed class LocalStreamProvider(string name, EmbeddedSilo silo) : IStreamProvider
{
    private readonly ConcurrentDictionary<(StreamId, Type), object> _channels = new();
    private readonly Lock _gate = new();

    public string Name => name;

    public bool IsRewindable => false;

    internal EmbeddedSilo Silo => silo;

    public IAsyncStream<T> GetStream<T>(StreamId streamId) => new LocalStream<T>(this, streamId);

    internal StreamChannel<T>? Find<T>(StreamId streamId) =>
        _channels.TryGetValue((streamId, typeof(T)), out var channel) ? (StreamChannel<T>)channel : null;

    internal Subscription<T> Subscribe<T>(StreamId streamId, IAsyncObserver<T> observer)
    {
        lock (_gate)
        {
            var channel = (StreamChannel<T>)_channels.GetOrAdd((streamId, typeof(T)), static _ => new StreamChannel<T>());
            var subscription = new Subscription<T>(this, streamId, observer);
            channel.Add(subscription);
            return subscription;
        }
    }

    /// <returns>False when the subscription had ended before.</returns>
    internal bool Unsubscribe<T>(Subscription<T> subscription)
    {
        lock (_gate)
        {
            if (Find<T>(subscription.StreamId) is not { } channel || !channel.Remove(subscription)) return false;
            if (channel.IsEmpty) _channels.TryRemove((subscription.StreamId, typeof(T)), out _);
            return true;
        }
    }

    /// <summary>Delivers what is queued and ends every subscription.</summary>
    internal Task StopAsync()
    {
        lock (_gate)
        {
            var ends = _channels.Values.Cast<IStreamChannel>().Select(channel => channel.CompleteAsync()).ToArray();
            _channels.Clear();
            return Task.WhenAll(ends);
        }
    }
}
