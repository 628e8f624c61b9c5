using Microsoft.Extensions.AI;
using Quiver.Core.Resilience;

namespace Quiver.Core.Embedding.Providers;

/// <summary>One request that the provider throttles speaks for all: none is sent before the time that it asked for.</summary>
internal sealed class ThrottleEmbeddingGenerator(
    IEmbeddingGenerator<string, Embedding<float>> inner, string provider, RetrySchedule schedule, TimeProvider time, Random random)
    : DelegatingEmbeddingGenerator<string, Embedding<float>>(inner)
{
    private static readonly TimeSpan MostJitter = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private DateTimeOffset _heldUntil;
    private int _inARow;

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
        catch (ThrottledException e) when (e.Code == ErrorCodes.ProviderThrottled)
        {
            throw new ThrottledException(e.Code, e.Message, e) { RetryAfter = Hold(e.RetryAfter) };
        }
    }

    private void ThrowIfHeld()
    {
        lock (_lock)
        {
            var wait = _heldUntil - time.GetUtcNow();
            if (wait > TimeSpan.Zero)
            {
                throw new ThrottledException(ErrorCodes.ProviderThrottled, $"The provider {provider} asked for fewer requests.") { RetryAfter = Spread(wait) };
            }
        }
    }

    private void Release()
    {
        lock (_lock)
        {
            _inARow = 0;
        }
    }

    private TimeSpan Hold(TimeSpan? asked)
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            var wait = asked ?? schedule.Delay(++_inARow);
            wait = wait < TimeSpan.Zero ? TimeSpan.Zero : wait > Attempts.LongestWait ? Attempts.LongestWait : wait;
            _heldUntil = now + wait > _heldUntil ? now + wait : _heldUntil;
            return Spread(_heldUntil - now);
        }
    }

    // Those that wait must not come back all in the same moment.
    private TimeSpan Spread(TimeSpan wait) => wait + ((wait < MostJitter ? wait : MostJitter) * random.NextDouble());
}
