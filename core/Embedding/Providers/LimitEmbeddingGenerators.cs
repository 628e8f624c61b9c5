using Microsoft.Extensions.AI;
using Quiver.Core.Embedding.Budgets;
using Quiver.Core.Resilience;

namespace Quiver.Core.Embedding.Providers;

/// <summary>Runs what has to precede the texts of a call. Calls that the cache answers need nothing.</summary>
internal sealed class CheckEmbeddingGenerator(IEmbeddingGenerator<string, Embedding<float>> inner)
    : DelegatingEmbeddingGenerator<string, Embedding<float>>(inner)
{
    public override async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        if (EmbeddingCallContext.Of(options).BeforeSending is { } check)
        {
            await check(cancellationToken);
        }

        return await base.GenerateAsync(values, options, cancellationToken);
    }
}

/// <summary>
/// Limits how many batches of a job are at the service at a time, so other batches of the job can be chunked or stored meanwhile. Calls that
/// the cache answers take no slot.
/// </summary>
internal sealed class JobLimitEmbeddingGenerator(IEmbeddingGenerator<string, Embedding<float>> inner)
    : DelegatingEmbeddingGenerator<string, Embedding<float>>(inner)
{
    private readonly KeyedLimiter<JobKey> _limiter = new();

    public override async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        using var slot = EmbeddingCallContext.Of(options).JobLimit is { } limit
            ? await _limiter.EnterAsync(limit.Job, limit.MaxAtModel, cancellationToken)
            : null;
        return await base.GenerateAsync(values, options, cancellationToken);
    }
}

/// <summary>Sends a request when the provider's budget has room for it, in fair turns among tenants.</summary>
internal sealed class BudgetEmbeddingGenerator(IEmbeddingGenerator<string, Embedding<float>> inner, BudgetGate gate)
    : DelegatingEmbeddingGenerator<string, Embedding<float>>(inner)
{
    public override async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        var context = EmbeddingCallContext.Of(options);
        await gate.EnterAsync(context.Tenant, context.Tokens, cancellationToken);
        return await base.GenerateAsync(values, options, cancellationToken);
    }
}

/// <summary>Limits the concurrent requests of a silo. A request that waits too long is rejected and comes again, which consumes no attempt.</summary>
internal sealed class ConcurrencyLimitEmbeddingGenerator(IEmbeddingGenerator<string, Embedding<float>> inner, string provider, int maxConcurrency)
    : DelegatingEmbeddingGenerator<string, Embedding<float>>(inner)
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _slots = new(maxConcurrency, maxConcurrency);

    public override async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        if (!await _slots.WaitAsync(MaxWait, cancellationToken))
        {
            throw new ThrottledException(ErrorCodes.ProviderBusy, $"The limit of {maxConcurrency} concurrent requests to the provider {provider} is reached.")
            {
                RetryAfter = RetryAfter,
            };
        }

        try
        {
            return await base.GenerateAsync(values, options, cancellationToken);
        }
        finally
        {
            _slots.Release();
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _slots.Dispose();
        }

        base.Dispose(disposing);
    }
}
