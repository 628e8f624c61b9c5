using Orleans.Runtime;
using Orleans.Streams;
using Quiver.Embedded.Scheduling;

namespace Quiver.Embedded.Streams;

/// <summary>A stream as producers and subscribers hold it.</summary>
/// <typeparam name="T">The items' type.</typeparam>
internal sealed class LocalStream<T>(LocalStreamProvider provider, StreamId streamId) : IAsyncStream<T>
{
    public StreamId StreamId => streamId;

    public string ProviderName => provider.Name;

    public Task<StreamSubscriptionHandle<T>> SubscribeAsync(IAsyncObserver<T> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        return ActivationTaskScheduler.CurrentActivation is null
            ? Task.FromResult<StreamSubscriptionHandle<T>>(provider.Subscribe(streamId, observer))
            : throw new NotSupportedException("Grains send to streams; subscribe with the cluster client, outside of grains.");
    }

    public Task OnNextAsync(T item, StreamSequenceToken? token = null)
    {
        provider.Find<T>(streamId)?.Publish(item);
        return Task.CompletedTask;
    }

    public Task OnCompletedAsync() => throw new NotSupportedException("Streams have no end.");

    public Task OnErrorAsync(Exception ex) => throw new NotSupportedException("Streams carry no errors; send an item that tells of it.");
}
