namespace Quiver.Core.Documents;

/// <summary>
/// Limits the chunks of one call by the model's measured speed, so that a call takes about <see cref="Target"/>. A call that was given up
/// because it took too long lowers the limit at once, so a model that is too slow for the first limit costs an attempt or two. Thread-safe.
/// </summary>
internal sealed class ChunkPace(int max)
{
    /// <summary>Well below any response timeout, with room for other jobs' calls at the same time.</summary>
    public static readonly TimeSpan Target = TimeSpan.FromSeconds(4);

    private const int First = 64;
    private const double Weight = 0.3;

    private readonly Lock _lock = new();
    private double? _secondsPerChunk;

    /// <summary>The maximum number of chunks in the next call, from 1 to the given maximum.</summary>
    public int Limit
    {
        get
        {
            lock (_lock)
            {
                return Math.Clamp(_secondsPerChunk is { } seconds ? (int)Math.Min(max, Target.TotalSeconds / Math.Max(seconds, 1e-9)) : First, 1, max);
            }
        }
    }

    /// <summary>Records the duration of a successful call.</summary>
    /// <param name="embedded">Texts that the model embedded; cache hits say nothing about the model.</param>
    /// <param name="elapsed">From its start to its acknowledgement.</param>
    public void Measured(int embedded, TimeSpan elapsed)
    {
        if (embedded > 0)
        {
            Learn(elapsed.TotalSeconds / embedded);
        }
    }

    /// <summary>Records the duration of a failed call: only a slow one counts.</summary>
    /// <param name="chunks">Chunks that it was to embed.</param>
    /// <param name="elapsed">From its start to its end.</param>
    public void GivenUp(int chunks, TimeSpan elapsed)
    {
        lock (_lock)
        {
            if (chunks > 0 && elapsed > Target && !(elapsed.TotalSeconds / chunks < _secondsPerChunk))
            {
                // Not averaged: the next call must be clearly shorter.
                _secondsPerChunk = elapsed.TotalSeconds / chunks;
            }
        }
    }

    private void Learn(double seconds)
    {
        lock (_lock)
        {
            _secondsPerChunk = _secondsPerChunk is { } before ? (Weight * seconds) + ((1 - Weight) * before) : seconds;
        }
    }
}
