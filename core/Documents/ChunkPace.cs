namespace Quiver.Core.Documents;

/// <summary>
/// How many chunks one call takes, so that no call lasts long whatever the model's speed: the number that took about <see cref="Target"/>
/// lately. A call that was given up for its length lowers it at once, so that a model that is too slow for the first number costs an attempt or two. Thread-safe.
/// </summary>
internal sealed class ChunkPace(int max)
{
    /// <summary>Well below any response timeout, with room for other jobs' calls at the same time.</summary>
    public static readonly TimeSpan Target = TimeSpan.FromSeconds(4);

    private const int First = 64;
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
                return Math.Clamp(_secondsPerChunk is { } seconds ? (int)Math.Min(max, Target.TotalSeconds / Math.Max(seconds, 1e-9)) : First, 1, max);
            }
        }
    }

    /// <summary>Notes how long a call took that ended well.</summary>
    /// <param name="embedded">Its texts that went through the model; what a cache answers says nothing of the model.</param>
    /// <param name="elapsed">From its start to its acknowledgement.</param>
    public void Measured(int embedded, TimeSpan elapsed)
    {
        if (embedded > 0)
        {
            Learn(elapsed.TotalSeconds / embedded);
        }
    }

    /// <summary>Notes how long a call took that did not end well: that it was slow counts, that it was quick says nothing.</summary>
    /// <param name="chunks">What it was to embed.</param>
    /// <param name="elapsed">From its start to its end.</param>
    public void GivenUp(int chunks, TimeSpan elapsed)
    {
        lock (_lock)
        {
            if (chunks > 0 && elapsed > Target && !(elapsed.TotalSeconds / chunks < _secondsPerChunk))
            {
                // At once: a call that was too long is not tried at nearly the same length again.
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
