using Quiver.Embedded.Streams;

namespace Orleans.Streams;

/// <summary>Subscribing with delegates.</summary>
public static class AsyncObservableExtensions
{
    /// <summary>Delivers items from now on, until unsubscribed.</summary>
    /// <typeparam name="T">The items' type.</typeparam>
    /// <param name="obs">The stream.</param>
    /// <param name="onNextAsync">Takes an item.</param>
    public static Task<StreamSubscriptionHandle<T>> SubscribeAsync<T>(this IAsyncObservable<T> obs, Func<T, StreamSequenceToken?, Task> onNextAsync) =>
        obs.SubscribeAsync(new DelegateObserver<T>(onNextAsync));

    /// <summary>Delivers items from now on, until unsubscribed.</summary>
    /// <typeparam name="T">The items' type.</typeparam>
    /// <param name="obs">The stream.</param>
    /// <param name="onNextAsync">Takes an item.</param>
    /// <param name="onErrorAsync">Told of items that could not be delivered.</param>
    public static Task<StreamSubscriptionHandle<T>> SubscribeAsync<T>(
        this IAsyncObservable<T> obs, Func<T, StreamSequenceToken?, Task> onNextAsync, Func<Exception, Task> onErrorAsync) =>
        obs.SubscribeAsync(new DelegateObserver<T>(onNextAsync, onErrorAsync));
}
