using Microsoft.Extensions.AI;
using Quiver.Core.Embedding;

namespace Quiver.Adapters.Embeddings.Onnx;

/// <summary>One caller's texts on their way through the threads. Its fields change under the queue's lock or by the one thread that prepares it.</summary>
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

    /// <summary>The texts.</summary>
    public IReadOnlyList<string> Texts { get; }

    /// <summary>What stands before each of them; possibly empty.</summary>
    public string Prompt { get; }

    /// <summary>Given up by its caller.</summary>
    public CancellationToken CancellationToken { get; }

    /// <summary>The texts' token ids, once prepared.</summary>
    public IReadOnlyList<int[]> Ids { get; private set; }

    /// <summary>Whether tokens and runs are known.</summary>
    public bool IsPrepared { get; private set; }

    /// <summary>Somebody waits for a single answer: a search.</summary>
    public bool IsUrgent => Texts.Count == 1;

    /// <summary>Runs that no thread has taken yet; at least the preparation before it is done.</summary>
    public bool HasMore => !IsDone && (!IsPrepared || _next < _runs.Count);

    /// <summary>Nothing is left to compute.</summary>
    public bool IsDone => _completion.Task.IsCompleted;

    /// <summary>The answer.</summary>
    public Task<GeneratedEmbeddings<Embedding<float>>> Task => _completion.Task;

    /// <summary>Sets tokens and runs.</summary>
    public void Prepare(IReadOnlyList<int[]> ids, IReadOnlyList<EmbeddingRun> runs)
    {
        (Ids, _runs, _remaining, IsPrepared) = (ids, runs, runs.Count, true);
        if (runs.Count == 0)
        {
            Finish();
        }
    }

    /// <summary>Takes the next run.</summary>
    public EmbeddingRun TakeRun() => _runs[_next++];

    /// <summary>Puts a run's vectors in their places; the last one completes the call.</summary>
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

    /// <summary>Ends the call with an error; its further runs are dropped.</summary>
    public void Fail(Exception error) => _completion.TrySetException(error);

    /// <summary>Ends the call because its caller gave up.</summary>
    public void Cancel() => _completion.TrySetCanceled(CancellationToken);

    private void Finish()
    {
        var tokens = Ids.Sum(ids => (long)ids.Length);
        _completion.TrySetResult(new(_results) { Usage = new UsageDetails { InputTokenCount = tokens, TotalTokenCount = tokens } });
    }
}
