using Microsoft.Extensions.AI;
using Quiver.Core.Resilience;

namespace Quiver.Core.Embedding.Providers;

/// <summary>Repeats a request after transient faults; the other requests of the call continue meanwhile.</summary>
internal sealed class RetryEmbeddingGenerator(IEmbeddingGenerator<string, Embedding<float>> inner, RequestRetry retry)
    : DelegatingEmbeddingGenerator<string, Embedding<float>>(inner)
{
    public override Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        string[] texts = [.. values];
        return retry.RunAsync(() => base.GenerateAsync(texts, options, cancellationToken), cancellationToken);
    }
}

/// <summary>Sends nothing while the circuit is open. Throttling and refused texts are answers, not failures.</summary>
internal sealed class CircuitEmbeddingGenerator(IEmbeddingGenerator<string, Embedding<float>> inner, CircuitBreaker circuit)
    : DelegatingEmbeddingGenerator<string, Embedding<float>>(inner)
{
    public override async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        var trial = circuit.Enter();
        try
        {
            var embeddings = await base.GenerateAsync(values, options, cancellationToken);
            circuit.Succeeded();
            return embeddings;
        }
        catch (QuiverException exception) when (exception.Kind == FaultKind.Transient)
        {
            if (circuit.Failed(exception, trial) is { } rejection)
            {
                throw rejection;
            }

            throw;
        }
        catch (QuiverException exception) when (exception.Kind == FaultKind.InvalidInput)
        {
            circuit.Succeeded();
            throw;
        }
        catch when (trial)
        {
            circuit.TrialEnded();
            throw;
        }
    }
}

/// <summary>Holds all requests after the provider throttled one, for as long as it asked.</summary>
internal sealed class ThrottleEmbeddingGenerator(
    IEmbeddingGenerator<string, Embedding<float>> inner, string provider, RetrySchedule schedule, TimeProvider time, Random random)
    : DelegatingEmbeddingGenerator<string, Embedding<float>>(inner)
{
    private static readonly TimeSpan MaxJitter = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private DateTimeOffset _heldUntil;
    private int _throttledInARow;

    public override async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ThrowIfHeld();
        try
        {
            var embeddings = await base.GenerateAsync(values, options, cancellationToken);
            Release();
            return embeddings;
        }
        catch (ThrottledException exception) when (ThrottleCauses.Of(exception) == ThrottleCause.Provider)
        {
            throw new ThrottledException(exception.Code, exception.Message, exception) { RetryAfter = Hold(exception.RetryAfter) };
        }
    }

    private void ThrowIfHeld()
    {
        lock (_lock)
        {
            var wait = _heldUntil - time.GetUtcNow();
            if (wait > TimeSpan.Zero)
            {
                throw new ThrottledException(ErrorCodes.ProviderThrottled, $"The provider {provider} throttles requests.") { RetryAfter = WithJitter(wait) };
            }
        }
    }

    private void Release()
    {
        lock (_lock)
        {
            _throttledInARow = 0;
        }
    }

    private TimeSpan Hold(TimeSpan? requested)
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            var wait = requested is { } retryAfter ? RetrySchedule.Clamp(retryAfter) : schedule.Delay(++_throttledInARow);
            _heldUntil = now + wait > _heldUntil ? now + wait : _heldUntil;
            return WithJitter(_heldUntil - now);
        }
    }

    // The held requests must not all come back at the same moment.
    private TimeSpan WithJitter(TimeSpan wait) => wait + ((wait < MaxJitter ? wait : MaxJitter) * random.NextDouble());
}
