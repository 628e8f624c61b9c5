namespace Quiver.Adapters.Vectors.Qdrant;

/// <summary>
/// Bounds the writes of each physical collection: so many are on their way, and as many again are being prepared, so that a free lane finds
/// the next request ready. Collections that nobody writes to take no room. Thread-safe.
/// </summary>
internal sealed class WriteLanes(int lanes)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <summary>A place to prepare a request at; the caller disposes it.</summary>
    public async Task<Place> EnterAsync(string physicalCollection, CancellationToken cancellationToken)
    {
        var entry = Take(physicalCollection);
        try
        {
            await entry.Prepare.WaitAsync(cancellationToken);
            return new(this, physicalCollection, entry);
        }
        catch
        {
            Leave(physicalCollection, entry);
            throw;
        }
    }

    private Entry Take(string physicalCollection)
    {
        lock (_gate)
        {
            if (!_entries.TryGetValue(physicalCollection, out var entry))
            {
                _entries.Add(physicalCollection, entry = new(lanes));
            }

            entry.Users++;
            return entry;
        }
    }

    private void Leave(string physicalCollection, Entry entry)
    {
        lock (_gate)
        {
            if (--entry.Users == 0)
            {
                _entries.Remove(physicalCollection);
            }
        }
    }

    /// <summary>A collection's lanes. Nothing to dispose: no wait handle is ever made.</summary>
    internal sealed class Entry(int lanes)
    {
        public int Users { get; set; }

        public SemaphoreSlim Prepare { get; } = new(lanes * 2);

        public SemaphoreSlim Send { get; } = new(lanes);
    }

    /// <summary>One request's place.</summary>
    internal sealed class Place(WriteLanes owner, string physicalCollection, Entry entry) : IDisposable
    {
        private bool _left;

        /// <summary>Runs a request when a lane is free.</summary>
        public async Task<T> SendAsync<T>(Func<Task<T>> send, CancellationToken cancellationToken)
        {
            await entry.Send.WaitAsync(cancellationToken);
            try
            {
                return await send();
            }
            finally
            {
                entry.Send.Release();
            }
        }

        public void Dispose()
        {
            if (!_left)
            {
                _left = true;
                entry.Prepare.Release();
                owner.Leave(physicalCollection, entry);
            }
        }
    }
}
