using Quiver.Core.Resilience;

namespace Quiver.Adapters.Vectors.Qdrant;

/// <summary>
/// Limits the writes of each physical collection: at most <c>lanes</c> requests are in flight while as many are being prepared, so that a free
/// lane finds the next request ready. Thread-safe.
/// </summary>
internal sealed class WriteLanes(int lanes)
{
    // Preparing a request computes, so it must not run on the thread of the request that has just ended.
    private readonly KeyedLimiter<string> _prepared = new(handOverAsynchronously: true);
    private readonly KeyedLimiter<string> _sent = new();

    /// <summary>Waits for a slot to prepare a request; the caller disposes it.</summary>
    public async Task<Place> EnterAsync(string physicalCollection, CancellationToken cancellationToken) =>
        new(_sent, lanes, physicalCollection, await _prepared.EnterAsync(physicalCollection, lanes * 2, cancellationToken));

    /// <summary>One request's slot.</summary>
    internal sealed class Place(KeyedLimiter<string> sent, int lanes, string physicalCollection, IDisposable prepared) : IDisposable
    {
        /// <summary>Sends the request when a lane is free.</summary>
        public async Task SendAsync(Func<Task> send, CancellationToken cancellationToken)
        {
            using var lane = await sent.EnterAsync(physicalCollection, lanes, cancellationToken);
            await send();
        }

        public void Dispose() => prepared.Dispose();
    }
}
