using System.Runtime.Intrinsics;
using Quiver.Adapters.Vectors.Embedded;

namespace Quiver.Bench.Search;

/// <summary>Reads every byte of the vectors once and adds them up: the minimum work of an exact search.</summary>
internal sealed unsafe class MemoryPass(SlotSegment memory, FlatLayout layout, int rows) : ISlotScan
{
    private int _nextBlock = -1;
    private readonly Lock _lock = new();
    private double _sum;

    public int Blocks => (rows + FlatLayout.BlockRows - 1) / FlatLayout.BlockRows;

    /// <summary>The sum; kept so that the compiler cannot remove the reads.</summary>
    public double Sum => _sum;

    public void RunBlocks()
    {
        Vector512<float> s0 = default, s1 = default, s2 = default, s3 = default;
        for (int block; (block = Interlocked.Increment(ref _nextBlock)) < Blocks;)
        {
            var start = memory.Row((long)block * FlatLayout.BlockRows * layout.RowBytes);
            var floats = (long)Math.Min(FlatLayout.BlockRows, rows - (block * FlatLayout.BlockRows)) * layout.RowFloats;
            for (var i = 0L; i < floats; i += 4 * Vector512<float>.Count)
            {
                s0 += Vector512.Load(start + i);
                s1 += Vector512.Load(start + i + 16);
                s2 += Vector512.Load(start + i + 32);
                s3 += Vector512.Load(start + i + 48);
            }
        }

        var sum = Vector512.Sum(s0 + s1 + s2 + s3);
        lock (_lock)
        {
            _sum += sum;
        }
    }
}
