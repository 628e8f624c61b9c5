namespace Orleans.Streams;

/// <summary>Something that can be subscribed to.</summary>
/// <typeparam name="T">The items' type.</typeparam>
public interface IAsyncObservable<T>
{
    /// <summary>Delivers items from now on, until unsubscribed.</summary>
    /// <param name="observer">Who receives them.</param>
    Task<StreamSubscriptionHandle<T>> SubscribeAsync(IAsyncObserver<T> observer);
}
