using System.Collections.Concurrent;

namespace Quiver.Adapters.Vectors.Embedded;

/// <summary>Work that several threads share.</summary>
internal interface ISlotScan
{
    /// <summary>Number of blocks to scan.</summary>
    int Blocks { get; }

    /// <summary>Takes blocks until none is left or the scan is canceled.</summary>
    void RunBlocks();
}

/// <summary>The threads that compare vectors, shared by all collections and started by the first large search.</summary>
internal sealed class SearchPool : IDisposable
{
    private const int QueueCapacity = 1024;

    /// <summary>Below this many blocks, waking threads costs more than it saves.</summary>
    private const int MinBlocksToShare = 4;

    private readonly BlockingCollection<Share> _shares = new(QueueCapacity);
    private readonly Lazy<List<Thread>> _threads;
    private readonly int _count;

    public SearchPool(int count)
    {
        _count = count;
        _threads = new(() => Enumerable.Range(0, count).Select(Start).ToList());
    }

    /// <summary>Runs a scan to its end; blocks the caller. Small scans run on the caller's thread.</summary>
    public void Run(ISlotScan scan)
    {
        var parts = Math.Min(_count, scan.Blocks / MinBlocksToShare);
        if (parts <= 1)
        {
            scan.RunBlocks();
            return;
        }

        _ = _threads.Value;
        // Not disposed: the last thread may still be inside Signal, and there is nothing to free.
        var pending = new CountdownEvent(parts);
        var share = new Share(scan, pending, new());
        for (var i = 0; i < parts; i++)
        {
            _shares.Add(share);
        }

        pending.Wait();
        if (share.Errors.TryPeek(out var error))
        {
            throw new PermanentException(ErrorCodes.Internal, $"The search failed: {error.Message}", error);
        }
    }

    public void Dispose()
    {
        _shares.CompleteAdding();
        if (_threads.IsValueCreated)
        {
            _threads.Value.ForEach(thread => thread.Join());
        }

        _shares.Dispose();
    }

    private Thread Start(int number)
    {
        var thread = new Thread(Work) { IsBackground = true, Name = $"vector search {number}" };
        thread.Start();
        return thread;
    }

    private void Work()
    {
        foreach (var share in _shares.GetConsumingEnumerable())
        {
            try
            {
                share.Scan.RunBlocks();
            }
            catch (Exception exception)
            {
                share.Errors.Enqueue(exception);
            }
            finally
            {
                share.Pending.Signal();
            }
        }
    }

    private sealed record Share(ISlotScan Scan, CountdownEvent Pending, ConcurrentQueue<Exception> Errors);
}
