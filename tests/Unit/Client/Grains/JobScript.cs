using Orleans;
using Quiver.GrainInterfaces.Tenants;

namespace Quiver.Tests.Unit.Client.Grains;

/// <summary>The scripted state of a job and its ledger. Thread-safe.</summary>
internal sealed class JobScript
{
    private readonly Lock _lock = new();
    private readonly List<JobEvent> _ledger = [];
    private JobStatus _status = Status(JobState.Running, 0);
    private int _reads;

    /// <summary>Called before each read of the ledger with its 1-based number.</summary>
    public Action<int> BeforeRead { get; set; } = static _ => { };

    public int Reads => _reads;

    public JobStatus Current
    {
        get
        {
            lock (_lock)
            {
                return _status;
            }
        }

        set
        {
            lock (_lock)
            {
                _status = value;
            }
        }
    }

    public static JobStatus Status(JobState state, long lastEvent) => new()
    {
        Id = JobId.Parse("job"),
        Spec = null!,
        State = state,
        CreatedAt = default,
        LastEventSequence = lastEvent,
    };

    public static JobEvent Event(long sequence, JobState state = JobState.Running) => new()
    {
        Sequence = sequence,
        Kind = state == JobState.Running ? JobEventKind.BatchCommitted : JobEventKind.StateChanged,
        At = default,
        State = state,
        Counters = JobCounters.Zero,
    };

    public void Write(params JobEvent[] events)
    {
        lock (_lock)
        {
            _ledger.AddRange(events);
        }
    }

    public ImmutableArray<JobEvent> Read(long after, int limit)
    {
        BeforeRead(Interlocked.Increment(ref _reads));
        lock (_lock)
        {
            return [.. _ledger.Where(item => item.Sequence > after).OrderBy(static item => item.Sequence).Take(limit)];
        }
    }
}

/// <summary>Answers grain calls of a client from a script: a job that only has a state, and a ledger with its events.</summary>
internal sealed class ScriptedCalls(JobScript script) : IOutgoingGrainCallFilter
{
    public Task Invoke(IOutgoingGrainCallContext context)
    {
        switch (context.MethodName)
        {
            case nameof(IIngestionJobGrain.GetStatusAsync):
                context.Result = script.Current;
                return Task.CompletedTask;
            case nameof(ITenantQueryGrain.ReadEventsAsync):
                context.Result = script.Read((long)context.Request.GetArgument(1)!, (int)context.Request.GetArgument(2)!);
                return Task.CompletedTask;
            case nameof(IIngestionJobGrain.CancelAsync):
                throw new TimeoutException("inside");
            case nameof(IIngestionJobGrain.RetryAsync):
                throw new InvalidOperationException("secret");
            default:
                // Orleans' own, such as those of streams.
                return context.Invoke();
        }
    }
}
