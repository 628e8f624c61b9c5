using Quiver.GrainInterfaces.Workers;

namespace Quiver.Core.Embedding.Metering;

/// <summary>
/// Counts what one job uses of its model at this silo, at the place where answers arrive: whatever becomes of the batch, the attempt or the
/// job afterwards, each answer is counted once. Thread-safe.
/// </summary>
/// <param name="time">The clock.</param>
internal sealed class UsageMeter(TimeProvider time)
{
    private readonly Guid _id = Guid.CreateVersion7();
    private readonly Lock _lock = new();
    private readonly HashSet<string> _refused = new(StringComparer.Ordinal);
    private ModelUsage _total = ModelUsage.None;
    private bool _accepted;
    private long _refusedIn;
    private int _underWay;
    private long _usedAt = time.GetTimestamp();

    /// <summary>For how long nothing has used the meter; zero while something may still add to it.</summary>
    public TimeSpan Idle
    {
        get
        {
            lock (_lock)
            {
                return _underWay > 0 ? TimeSpan.Zero : time.GetElapsedTime(_usedAt);
            }
        }
    }

    /// <summary>Something begins that may add to the meter; it ends when disposed.</summary>
    public IDisposable Enter()
    {
        lock (_lock)
        {
            _underWay++;
        }

        return new Visit(this);
    }

    /// <summary>The model answered a request.</summary>
    /// <param name="texts">Texts in it.</param>
    /// <param name="tokens">Their tokens.</param>
    /// <param name="cost">What they cost.</param>
    public void Answered(int texts, long tokens, decimal cost)
    {
        lock (_lock)
        {
            _accepted = true;
            _total = _total.Add(new ModelUsage { Calls = 1, Texts = texts, Tokens = tokens, Cost = cost });
        }
    }

    /// <summary>The model has accepted texts of the job before.</summary>
    public void Accepted()
    {
        lock (_lock)
        {
            _accepted = true;
        }
    }

    /// <summary>The model refused a document.</summary>
    /// <param name="documentId">Its id.</param>
    /// <param name="epoch">The run of the job; each counts anew.</param>
    /// <param name="most">So many are refused before it is taken for a fault of another kind.</param>
    /// <returns>True when the model has refused so many documents in this run and never accepted any text of the job.</returns>
    public bool Refused(string documentId, long epoch, int most)
    {
        lock (_lock)
        {
            if (_accepted)
            {
                return false;
            }

            if (epoch != _refusedIn)
            {
                _refused.Clear();
                _refusedIn = epoch;
            }

            return _refused.Count >= most || (_refused.Add(documentId) && _refused.Count >= most);
        }
    }

    /// <summary>What the meter shows.</summary>
    public UsageReading Read()
    {
        lock (_lock)
        {
            _usedAt = time.GetTimestamp();
            return new UsageReading { Meter = _id, Total = _total, InFlight = _underWay };
        }
    }

    private void Leave()
    {
        lock (_lock)
        {
            _underWay--;
            _usedAt = time.GetTimestamp();
        }
    }

    private sealed class Visit(UsageMeter meter) : IDisposable
    {
        private UsageMeter? _meter = meter;

        public void Dispose() => Interlocked.Exchange(ref _meter, null)?.Leave();
    }
}
