using Orleans.Runtime;

namespace Orleans.Streams;

/// <summary>Gives access to streams.</summary>
public interface IStreamProvider
{
    /// <summary>The provider's name.</summary>
    string Name { get; }

    /// <summary>Whether subscribers may ask for items of the past.</summary>
    bool IsRewindable { get; }

    /// <summary>The stream of this identity; streams exist without being created.</summary>
    /// <typeparam name="T">The type of its items.</typeparam>
    /// <param name="streamId">The identity.</param>
    IAsyncStream<T> GetStream<T>(StreamId streamId);
}
