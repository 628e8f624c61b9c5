using Microsoft.Extensions.AI;
using Quiver.Core.Embedding;

namespace Quiver.Adapters.Embeddings.Onnx;

/// <summary>
/// Schedules the calls: they take turns run by run, and single texts go first, up to <see cref="MaxUrgentInARow"/> in a row. So a large call
/// delays the others by at most one run. Thread-safe; the caller limits the number of calls.
/// </summary>
internal sealed class CallQueue
{
    private const int MaxUrgentInARow = 4;

    private readonly object _gate = new();
    private readonly Queue<EmbeddingCall> _urgent = new();
    private readonly Queue<EmbeddingCall> _others = new();
    private int _urgentInARow;
    private bool _closed;

    /// <summary>Adds a call, or puts back one with runs left.</summary>
    /// <exception cref="ObjectDisposedException">The queue is closed.</exception>
    public void Add(EmbeddingCall call)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            (call.IsUrgent ? _urgent : _others).Enqueue(call);
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Waits for a call with work; the caller puts it back when it has more.</summary>
    /// <returns>Null when the queue is closed.</returns>
    public EmbeddingCall? Take()
    {
        lock (_gate)
        {
            while (!_closed)
            {
                if (_urgent.Count + _others.Count == 0)
                {
                    Monitor.Wait(_gate);
                }
                else if (Next() is { IsDone: false } call)
                {
                    return call;
                }
            }

            return null;
        }
    }

    /// <summary>Ends all waits; returns the calls left.</summary>
    public IReadOnlyList<EmbeddingCall> Close()
    {
        lock (_gate)
        {
            _closed = true;
            EmbeddingCall[] left = [.. _urgent, .. _others];
            _urgent.Clear();
            _others.Clear();
            Monitor.PulseAll(_gate);
            return left;
        }
    }

    private EmbeddingCall Next()
    {
        if (_urgent.Count > 0 && (_urgentInARow < MaxUrgentInARow || _others.Count == 0))
        {
            _urgentInARow++;
            return _urgent.Dequeue();
        }

        _urgentInARow = 0;
        return _others.Dequeue();
    }
}

/// <summary>One caller's texts. Its fields change under the queue's lock or on the one thread that prepares it.</summary>
internal sealed class EmbeddingCall
{
    private readonly TaskCompletionSource<GeneratedEmbeddings<Embedding<float>>> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Embedding<float>[] _results;
    private IReadOnlyList<EmbeddingRun> _runs = [];
    private int _next;
    private int _remaining;

    public EmbeddingCall(IReadOnlyList<string> texts, string prompt, CancellationToken cancellationToken)
    {
        (Texts, Prompt, CancellationToken, Ids) = (texts, prompt, cancellationToken, []);
        _results = new Embedding<float>[texts.Count];
    }

    public IReadOnlyList<string> Texts { get; }

    public string Prompt { get; }

    public CancellationToken CancellationToken { get; }

    public IReadOnlyList<int[]> Ids { get; private set; }

    /// <summary>Whether tokens and runs are known.</summary>
    public bool IsPrepared { get; private set; }

    /// <summary>A call for a single text: a search.</summary>
    public bool IsUrgent => Texts.Count == 1;

    /// <summary>Whether runs are left that no thread has taken, or the preparation is.</summary>
    public bool HasMore => !IsDone && (!IsPrepared || _next < _runs.Count);

    public bool IsDone => _completion.Task.IsCompleted;

    public Task<GeneratedEmbeddings<Embedding<float>>> Task => _completion.Task;

    public void Prepare(IReadOnlyList<int[]> ids, IReadOnlyList<EmbeddingRun> runs)
    {
        (Ids, _runs, _remaining, IsPrepared) = (ids, runs, runs.Count, true);
        if (runs.Count == 0)
        {
            Finish();
        }
    }

    public EmbeddingRun TakeRun() => _runs[_next++];

    /// <summary>Stores a run's vectors; the last run completes the call.</summary>
    public void Complete(EmbeddingRun run, float[] vectors, int dimensions, string modelId)
    {
        for (var i = 0; i < run.Items.Length; i++)
        {
            _results[run.Items[i]] = new Embedding<float>(vectors.AsMemory(i * dimensions, dimensions)) { ModelId = modelId };
        }

        if (Interlocked.Decrement(ref _remaining) == 0)
        {
            Finish();
        }
    }

    /// <summary>Ends the call with an error and drops the runs left.</summary>
    public void Fail(Exception error) => _completion.TrySetException(error);

    public void Cancel() => _completion.TrySetCanceled(CancellationToken);

    private void Finish()
    {
        var tokens = Ids.Sum(ids => (long)ids.Length);
        _completion.TrySetResult(new(_results) { Usage = new UsageDetails { InputTokenCount = tokens, TotalTokenCount = tokens } });
    }
}
