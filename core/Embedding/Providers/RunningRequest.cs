using Microsoft.Extensions.AI;

namespace Quiver.Core.Embedding.Providers;

/// <summary>A request under way that may outlive the call that sent it; it releases itself when it ends.</summary>
internal sealed class RunningRequest : IDisposable
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _cut;
    private bool _over;

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
        lock (_lock)
        {
            if (!_over)
            {
                _cut.Cancel();
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _over = true;
            _cut.Dispose();
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
            Dispose();
        }
    }
}
