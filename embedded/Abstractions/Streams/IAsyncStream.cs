using Orleans.Runtime;

namespace Orleans.Streams;

/// <summary>A stream: every subscriber receives, in order, the items that are sent while it is subscribed.</summary>
/// <typeparam name="T">The items' type.</typeparam>
public interface IAsyncStream<T> : IAsyncObservable<T>, IAsyncObserver<T>
{
    /// <summary>The identity.</summary>
    StreamId StreamId { get; }

    /// <summary>The provider's name.</summary>
    string ProviderName { get; }
}
