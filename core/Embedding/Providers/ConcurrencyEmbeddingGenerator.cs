using Microsoft.Extensions.AI;

namespace Quiver.Core.Embedding.Providers;

/// <summary>Bounds the requests under way. Who waits too long for a place is asked to come again, which consumes no attempt.</summary>
internal sealed class ConcurrencyEmbeddingGenerator(IEmbeddingGenerator<string, Embedding<float>> inner, string provider, int maxConcurrency)
    : DelegatingEmbeddingGenerator<string, Embedding<float>>(inner)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ComeAgain = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _places = new(maxConcurrency, maxConcurrency);

    public override async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        if (!await _places.WaitAsync(LongestWait, cancellationToken))
        {
            throw new ThrottledException(ErrorCodes.ProviderBusy, $"{maxConcurrency} requests to the provider {provider} are under way, as many as may be.") { RetryAfter = ComeAgain };
        }

        try
        {
            return await base.GenerateAsync(values, options, cancellationToken);
        }
        finally
        {
            _places.Release();
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _places.Dispose();
        }

        base.Dispose(disposing);
    }
}
