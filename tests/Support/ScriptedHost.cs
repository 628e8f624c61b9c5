using System.Collections.Concurrent;
using System.Threading.Channels;
using Quiver.Core.Jobs;
using Quiver.Core.Sources;
using Quiver.GrainInterfaces.Workers;

namespace Quiver.Tests.Support;

/// <summary>Answers a pump: at once by a script, or, without one, each call when the test says so.</summary>
internal sealed class ScriptedHost(Func<Batch, ChunkCursor?, CancellationToken, Task<BatchResult>>? script = null) : IPumpHost
{
    private readonly Channel<HeldCall> _calls = Channel.CreateUnbounded<HeldCall>();
    private readonly Channel<(SourceCursor, JobCounters)> _checkpointed = Channel.CreateUnbounded<(SourceCursor, JobCounters)>();
    private readonly Channel<string> _stalled = Channel.CreateUnbounded<string>();
    private int _inFlight;
    private int _mostInFlight;

    public List<(SourceCursor Cursor, JobCounters Counters)> Checkpoints { get; } = [];

    public ConcurrentQueue<(string Code, string Message)> Stalls { get; } = new();

    /// <summary>Ordinals of the documents processed, each as often as it was.</summary>
    public ConcurrentQueue<long> Processed { get; } = new();

    public int Progressions { get; private set; }

    public int MostInFlight => _mostInFlight;

    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>Thrown by checkpoints.</summary>
    public Exception? CheckpointFault { get; set; }

    public static BatchResult Result(Batch batch) => new() { Counters = new JobCounters { Documents = batch.Documents.Length, Stored = batch.Documents.Length } };

    /// <summary>The next call that is waiting for an answer, in the order of the calls.</summary>
    public async Task<HeldCall> NextCallAsync() => await _calls.Reader.ReadAsync(TestContext.Current.CancellationToken);

    /// <summary>The next checkpoint.</summary>
    public async Task<(SourceCursor Cursor, JobCounters Counters)> NextCheckpointAsync() => await _checkpointed.Reader.ReadAsync(TestContext.Current.CancellationToken);

    /// <summary>The code of the next stall.</summary>
    public async Task<string> NextStallAsync() => await _stalled.Reader.ReadAsync(TestContext.Current.CancellationToken);

    public async Task<BatchResult> ProcessAsync(Batch batch, ChunkCursor? from, CancellationToken cancellationToken)
    {
        var now = Interlocked.Increment(ref _inFlight);
        InterlockedMax(now);
        try
        {
            var result = script is not null ? await script(batch, from, cancellationToken) : await HoldAsync(batch, from, cancellationToken);
            if (result.NextDocument is null)
            {
                foreach (var item in batch.Documents)
                {
                    Processed.Enqueue(item.Ordinal);
                }
            }

            return result;
        }
        finally
        {
            Interlocked.Decrement(ref _inFlight);
        }
    }

    public Task CheckpointAsync(SourceCursor cursor, JobCounters counters)
    {
        if (CheckpointFault is { } fault)
        {
            throw fault;
        }

        Checkpoints.Add((cursor, counters));
        _checkpointed.Writer.TryWrite((cursor, counters));
        return Task.CompletedTask;
    }

    public void Stalled(string code, string message)
    {
        Stalls.Enqueue((code, message));
        _stalled.Writer.TryWrite(code);
    }

    public void Progressed() => Progressions++;

    private async Task<BatchResult> HoldAsync(Batch batch, ChunkCursor? from, CancellationToken cancellationToken)
    {
        var call = new HeldCall(batch, from);
        _calls.Writer.TryWrite(call);
        return await call.Answer.WaitAsync(cancellationToken);
    }

    private void InterlockedMax(int candidate)
    {
        int seen;
        while ((seen = _mostInFlight) < candidate && Interlocked.CompareExchange(ref _mostInFlight, candidate, seen) != seen)
        {
        }
    }
}
