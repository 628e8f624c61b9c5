namespace Quiver.Pipeline.Batches;

/// <summary>
/// How many chunks one call takes, so that no call lasts long whatever the model's speed: the number that took about <see cref="Target"/>
/// lately. Thread-safe.
/// </summary>
internal sealed class ChunkPace(int max)
{
    /// <summary>Well below any response timeout, with room for other jobs' calls at the same time.</summary>
    public static readonly TimeSpan Target = TimeSpan.FromSeconds(4);

    private const int SlowStart = 64;
    private const int Least = 8;
    private const double Weight = 0.3;

    private readonly Lock _lock = new();
    private double? _secondsPerChunk;

    /// <summary>The most chunks for the next call, from 1 to the bound given.</summary>
    public int Limit
    {
        get
        {
            lock (_lock)
            {
                return _secondsPerChunk is { } seconds
                    ? (int)Math.Min(max, Math.Max(Least, Target.TotalSeconds / Math.Max(seconds, 1e-9)))
                    : Math.Min(max, SlowStart);
            }
        }
    }

    /// <summary>Notes how long a call took.</summary>
    /// <param name="chunks">Its chunks; few say little and are ignored.</param>
    /// <param name="elapsed">From its start to its acknowledgement.</param>
    public void Measured(int chunks, TimeSpan elapsed)
    {
        if (chunks < Least)
        {
            return;
        }

        var seconds = elapsed.TotalSeconds / chunks;
        lock (_lock)
        {
            _secondsPerChunk = _secondsPerChunk is { } before ? (Weight * seconds) + ((1 - Weight) * before) : seconds;
        }
    }
}
