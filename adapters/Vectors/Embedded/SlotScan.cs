using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Quiver.Adapters.Vectors.Embedded;

/// <summary>The input of a scan.</summary>
/// <param name="Snapshot">The state to scan.</param>
/// <param name="Layout">The layout of the vectors.</param>
/// <param name="Scope">The scope's number.</param>
/// <param name="Query">The query as a row.</param>
/// <param name="Allowed">Slots that pass the filter; null without a filter.</param>
internal sealed record SlotScanPlan(SlotSnapshot Snapshot, FlatLayout Layout, int Scope, float[] Query, SlotSet? Allowed);

/// <summary>One pass over the vectors of a scope; threads take blocks of it until none is left.</summary>
/// <typeparam name="TSink">Collects the scores of one thread.</typeparam>
internal sealed unsafe class SlotScan<TSink>(SlotScanPlan plan, Func<TSink> createSink, CancellationToken cancellationToken) : ISlotScan
    where TSink : IScoreSink
{
    private readonly ConcurrentBag<TSink> _sinks = [];
    private int _nextBlock = -1;

    /// <summary>The sinks, one per thread that took part.</summary>
    public IReadOnlyCollection<TSink> Sinks => _sinks;

    public int Blocks => plan.Snapshot.Blocks.Length;

    public void RunBlocks()
    {
        var sink = createSink();
        var query = (float*)NativeMemory.AlignedAlloc((nuint)plan.Layout.RowBytes, 64);
        try
        {
            plan.Query.CopyTo(new Span<float>(query, plan.Layout.RowFloats));
            for (int block; (block = Interlocked.Increment(ref _nextBlock)) < Blocks && !cancellationToken.IsCancellationRequested;)
            {
                RunBlock(block, query, sink);
            }
        }
        finally
        {
            NativeMemory.AlignedFree(query);
        }

        _sinks.Add(sink);
    }

    private void RunBlock(int block, float* query, TSink sink)
    {
        var first = block * FlatLayout.BlockRows;
        var start = plan.Snapshot.Segments[first / plan.Layout.RowsPerSegment].Row((long)(first % plan.Layout.RowsPerSegment) * plan.Layout.RowBytes);
        var candidates = stackalloc int[FlatLayout.BlockRows];
        var count = Select(plan.Snapshot.Blocks[block], first, candidates);
        var floats = plan.Layout.RowFloats;
        for (var i = 0; i < count; i++)
        {
            sink.Offer(first + candidates[i], DotKernel.Score(query, start + ((long)candidates[i] * floats), floats));
        }
    }

    private int Select(ReadOnlySpan<int> scopes, int first, int* candidates)
    {
        var count = 0;
        for (var i = 0; i < scopes.Length; i++)
        {
            if (scopes[i] == plan.Scope && plan.Allowed?.Contains(first + i) != false)
            {
                candidates[count++] = i;
            }
        }

        return count;
    }
}
