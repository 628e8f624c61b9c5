using Microsoft.Extensions.AI;

namespace Quiver.Pipeline.Embedding.Providers;

/// <summary>A request under way that may outlive the call that sent it.</summary>
internal sealed class RunningRequest
{
    private readonly CancellationTokenSource _cut;

    /// <summary>Sends it.</summary>
    /// <param name="send">The sending; the token cuts it.</param>
    /// <param name="limit">When it is cut at the latest.</param>
    /// <param name="time">The clock.</param>
    public RunningRequest(Func<CancellationToken, Task<GeneratedEmbeddings<Embedding<float>>>> send, TimeSpan limit, TimeProvider time)
    {
        _cut = new CancellationTokenSource(limit, time);
        Answer = RunAsync(send);
    }

    /// <summary>What comes back.</summary>
    public Task<GeneratedEmbeddings<Embedding<float>>> Answer { get; }

    /// <summary>Ends it, unless it has ended.</summary>
    public void Cut()
    {
        if (!Answer.IsCompleted)
        {
            _cut.Cancel();
        }
    }

    private async Task<GeneratedEmbeddings<Embedding<float>>> RunAsync(Func<CancellationToken, Task<GeneratedEmbeddings<Embedding<float>>>> send)
    {
        try
        {
            return await send(_cut.Token);
        }
        finally
        {
            // Only its timer holds anything; a late Cut finds a source that can still be cancelled.
            _cut.CancelAfter(Timeout.InfiniteTimeSpan);
        }
    }
}
