using System.Collections.Concurrent;
using Microsoft.Extensions.AI;

namespace Quiver.Core.Embedding.Providers;

/// <summary>
/// Limits the duration of a request twice. After the soft timeout the caller gets a transient fault while the request continues: its answer is
/// paid for and goes to the cache, and the next attempt at the same texts joins it instead of sending them again. After the hard timeout the
/// request is cancelled.
/// </summary>
internal sealed class TimeoutEmbeddingGenerator(
    IEmbeddingGenerator<string, Embedding<float>> inner, string provider, TimeSpan soft, TimeSpan hard, TimeProvider time)
    : DelegatingEmbeddingGenerator<string, Embedding<float>>(inner)
{
    private const int MaxLate = 256;

    private readonly ConcurrentDictionary<string, RunningRequest> _late = new(StringComparer.Ordinal);

    public override async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        string[] texts = [.. values];
        var context = EmbeddingCallContext.Of(options);
        var request = FindLate(texts, context) ?? new RunningRequest(token => SendAsync(texts, options, token), hard, time);
        await using var stop = cancellationToken.UnsafeRegister(static running => ((RunningRequest)running!).Cancel(), request);
        try
        {
            return await request.Answer.WaitAsync(soft, time, cancellationToken);
        }
        catch (QuiverException) when (cancellationToken.IsCancellationRequested)
        {
            // The caller cancelled it, which says nothing about the provider.
            throw new OperationCanceledException(cancellationToken);
        }
        catch (TimeoutException exception)
        {
            KeepLate(KeyOf(texts, context), request);
            throw NotInTime(soft, exception);
        }
    }

    private async Task<GeneratedEmbeddings<Embedding<float>>> SendAsync(
        string[] texts, EmbeddingGenerationOptions? options, CancellationToken cancellationToken)
    {
        // The answer may come long after the call that sent it has ended.
        using var metered = EmbeddingCallContext.Of(options).Meter?.Enter();
        try
        {
            return await base.GenerateAsync(texts, options, cancellationToken);
        }
        catch (OperationCanceledException exception)
        {
            throw NotInTime(hard, exception);
        }
    }

    private TransientException NotInTime(TimeSpan timeout, Exception cause) =>
        new(ErrorCodes.Timeout, $"The provider {provider} did not answer within {timeout.TotalSeconds:0.#} s.", cause);

    private RunningRequest? FindLate(string[] texts, EmbeddingCallContext context) =>
        !_late.IsEmpty && _late.TryGetValue(KeyOf(texts, context), out var late) ? late : null;

    private static string KeyOf(string[] texts, EmbeddingCallContext context) => (context.IsQuery ? "?" : "") + TextHash.OfAll(texts);

    private void KeepLate(string key, RunningRequest request)
    {
        if (_late.Count >= MaxLate)
        {
            request.Cancel();
            return;
        }

        _late[key] = request;
        _ = RemoveAsync();

        async Task RemoveAsync()
        {
            await ((Task)request.Answer).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _late.TryRemove(key, out _);
        }
    }

    /// <summary>A request that may outlive the call that sent it; releases its resources when it ends.</summary>
    private sealed class RunningRequest : IDisposable
    {
        private readonly Lock _lock = new();
        private readonly CancellationTokenSource _stop;
        private bool _ended;

        public RunningRequest(Func<CancellationToken, Task<GeneratedEmbeddings<Embedding<float>>>> send, TimeSpan limit, TimeProvider time)
        {
            _stop = new CancellationTokenSource(limit, time);
            Answer = RunAsync(send);
        }

        public Task<GeneratedEmbeddings<Embedding<float>>> Answer { get; }

        public void Cancel()
        {
            lock (_lock)
            {
                if (!_ended)
                {
                    _stop.Cancel();
                }
            }
        }

        public void Dispose()
        {
            lock (_lock)
            {
                _ended = true;
                _stop.Dispose();
            }
        }

        private async Task<GeneratedEmbeddings<Embedding<float>>> RunAsync(Func<CancellationToken, Task<GeneratedEmbeddings<Embedding<float>>>> send)
        {
            try
            {
                return await send(_stop.Token);
            }
            finally
            {
                Dispose();
            }
        }
    }
}
