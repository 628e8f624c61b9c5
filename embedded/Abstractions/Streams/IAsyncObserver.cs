namespace Orleans.Streams;

/// <summary>Receives the items of a stream, one at a time and in order.</summary>
/// <typeparam name="T">The items' type.</typeparam>
public interface IAsyncObserver<in T>
{
    /// <summary>Takes an item.</summary>
    /// <param name="item">The item.</param>
    /// <param name="token">Its place in the stream.</param>
    Task OnNextAsync(T item, StreamSequenceToken? token = null);

    /// <summary>The stream has ended.</summary>
    Task OnCompletedAsync();

    /// <summary>An item could not be delivered.</summary>
    /// <param name="ex">Why.</param>
    Task OnErrorAsync(Exception ex);
}
