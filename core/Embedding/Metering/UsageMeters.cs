using System.Collections.Concurrent;
using Quiver.GrainInterfaces.Workers;

namespace Quiver.Core.Embedding.Metering;

/// <summary>The usage meters of the jobs that a silo works for. Thread-safe.</summary>
/// <param name="time">The clock.</param>
public sealed class UsageMeters(TimeProvider time)
{
    private const int MaxBeforeCleanup = 1024;

    // Longer than any request takes, and longer than a job waits before it reads again.
    private static readonly TimeSpan KeepIdle = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<JobKey, UsageMeter> _meters = new();

    /// <summary>Reads what a job has used so far.</summary>
    /// <param name="job">The job.</param>
    public UsageReading Read(JobKey job) => Of(job).Read();

    /// <summary>The meter of a job; created when missing.</summary>
    internal UsageMeter Of(JobKey job)
    {
        if (_meters.TryGetValue(job, out var known))
        {
            return known;
        }

        if (_meters.Count >= MaxBeforeCleanup)
        {
            RemoveIdle();
        }

        return _meters.GetOrAdd(job, _ => new UsageMeter(time));
    }

    private void RemoveIdle()
    {
        foreach (var meter in _meters.Where(entry => entry.Value.Idle > KeepIdle))
        {
            _meters.TryRemove(meter);
        }
    }
}

/// <summary>
/// Counts what one job uses of its model at this silo, where the answers arrive: each answer is counted once, even when the batch, the
/// attempt or the job then fails. Thread-safe.
/// </summary>
internal sealed class UsageMeter(TimeProvider time)
{
    private readonly Guid _id = Guid.CreateVersion7();
    private readonly Lock _lock = new();
    private readonly HashSet<string> _refused = new(StringComparer.Ordinal);
    private ModelUsage _total = ModelUsage.None;
    private bool _accepted;
    private long _refusedIn;
    private int _inFlight;
    private long _usedAt = time.GetTimestamp();

    /// <summary>How long the meter has been unused; zero while a request that adds to it is in flight.</summary>
    public TimeSpan Idle
    {
        get
        {
            lock (_lock)
            {
                return _inFlight > 0 ? TimeSpan.Zero : time.GetElapsedTime(_usedAt);
            }
        }
    }

    /// <summary>Marks a request that may add to the meter as in flight, until disposed.</summary>
    public IDisposable Enter()
    {
        lock (_lock)
        {
            _inFlight++;
        }

        return new Visit(this);
    }

    /// <summary>Adds an answered request.</summary>
    public void Answered(int texts, long tokens, decimal cost)
    {
        lock (_lock)
        {
            _accepted = true;
            _total = _total.Add(new ModelUsage { Calls = 1, Texts = texts, Tokens = tokens, Cost = cost });
        }
    }

    /// <summary>Notes that the model has accepted texts of the job before.</summary>
    public void Accepted()
    {
        lock (_lock)
        {
            _accepted = true;
        }
    }

    /// <summary>Counts a document that the model refused.</summary>
    /// <param name="documentId">The document's id.</param>
    /// <param name="epoch">The run of the job; each run has its own count.</param>
    /// <param name="limit">The number of refused documents that points to a fault of another kind.</param>
    /// <returns>True when the model has refused that many documents in this run and never accepted a text of the job.</returns>
    public bool Refused(string documentId, long epoch, int limit)
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

            return _refused.Count >= limit || (_refused.Add(documentId) && _refused.Count >= limit);
        }
    }

    /// <summary>Reads the meter.</summary>
    public UsageReading Read()
    {
        lock (_lock)
        {
            _usedAt = time.GetTimestamp();
            return new UsageReading { Meter = _id, Total = _total, InFlight = _inFlight };
        }
    }

    private void Leave()
    {
        lock (_lock)
        {
            _inFlight--;
            _usedAt = time.GetTimestamp();
        }
    }

    private sealed class Visit(UsageMeter meter) : IDisposable
    {
        private UsageMeter? _meter = meter;

        public void Dispose() => Interlocked.Exchange(ref _meter, null)?.Leave();
    }
}
