using Quiver.Core.Jobs;
using Quiver.GrainInterfaces.Workers;

namespace Quiver.Tests.Support;

/// <summary>A call for a batch that waits for the test's answer.</summary>
internal sealed class HeldCall(Batch batch, ChunkCursor? from)
{
    private readonly TaskCompletionSource<BatchResult> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Batch Batch { get; } = batch;

    public ChunkCursor? From { get; } = from;

    public long FirstOrdinal => Batch.Documents[0].Ordinal;

    public Task<BatchResult> Answer => _answer.Task;

    public void Succeed() => _answer.SetResult(ScriptedHost.Result(Batch));

    public void Succeed(JobCounters counters, int? nextChunk) => _answer.SetResult(new BatchResult { Counters = counters, NextChunk = nextChunk is { } number ? new ChunkCursor { Number = number } : null, NextDocument = nextChunk is null ? null : 0 });

    /// <summary>The documents before one are done; it is the next.</summary>
    public void SucceedUpTo(int nextDocument) =>
        _answer.SetResult(new BatchResult { Counters = new JobCounters { Documents = nextDocument, Stored = nextDocument }, NextDocument = nextDocument });

    public void Fail(Exception error) => _answer.SetException(error);
}
