using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Quiver.Core.Embedding.Budgets;
using Quiver.Core.Resilience;

namespace Quiver.Core.Embedding.Providers;

/// <summary>
/// The decorators around a remote provider, in the one place that orders them. A call passes, from outside in: the cache with deduplication;
/// the check that a job makes before it sends texts; the job's limit; splitting into requests of the provider's size, which are halved when refused; a few attempts; the circuit breaker; the
/// hold after throttling; the budget, from which every attempt takes; the timeouts; the cache again, which stores each request's answer at
/// once; the limit of concurrent requests; the hold again, for requests that waited when it began; telemetry.
/// </summary>
internal static class ProviderStack
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan MaxHold = TimeSpan.FromSeconds(30);

    // A call must end before the timeout of its caller.
    private static readonly TimeSpan RetryWindow = TimeSpan.FromSeconds(5);

    /// <summary>Creates the stack.</summary>
    /// <param name="transport">Sends one request; throws classified faults.</param>
    /// <param name="provider">The provider.</param>
    /// <param name="services">What all providers share.</param>
    /// <param name="fault">Returns why the provider gets no requests at the moment; null while it does.</param>
    public static IEmbeddingGenerator<string, Embedding<float>> Create(
        IEmbeddingGenerator<string, Embedding<float>> transport, ProviderDescription provider, ProviderServices services, out Func<string?> fault)
    {
        var (random, resilience, limits) = (services.Random, provider.Resilience, provider.Limits);
        var time = new SteadyTimeProvider(services.Time);
        var circuit = new CircuitBreaker(provider.Name, resilience.FailuresToOpen, resilience.BreakDuration, time, random);
        IEmbeddingGenerator<string, Embedding<float>> stack =
            new TelemetryEmbeddingGenerator(transport, provider.Model, provider.TelemetryName, services.Instruments, time);
        var hold = new ThrottleHold(provider.Name, new RetrySchedule(FirstDelay, MaxHold, random), time, random, findsPace: limits.RequestsPerMinute is null);
        fault = () => circuit.Fault ?? hold.SpentQuota;
        stack = new ThrottleEmbeddingGenerator(stack, hold);
        stack = new ConcurrencyLimitEmbeddingGenerator(stack, provider.Name, limits.MaxConcurrency);
        if (services.Cache is { } written)
        {
            stack = new CacheWriteEmbeddingGenerator(stack, provider.Model, written, services.Loggers.CreateLogger<CacheWriteEmbeddingGenerator>());
        }

        stack = new TimeoutEmbeddingGenerator(stack, provider.Name, resilience.SoftTimeout, resilience.HardTimeout, time);
        if (limits.HasBudget)
        {
            stack = new BudgetEmbeddingGenerator(stack, new BudgetGate(provider.Name, services.Silo, services.Budget, time));
        }

        stack = new HoldEmbeddingGenerator(stack, hold);
        stack = new CircuitEmbeddingGenerator(stack, provider.Model, circuit);
        stack = new RetryEmbeddingGenerator(stack, new RequestRetry(new RetrySchedule(FirstDelay, MaxDelay, random), resilience.Attempts, RetryWindow, time));
        stack = new BatchingEmbeddingGenerator(stack, provider, time, services.Loggers.CreateLogger<BatchingEmbeddingGenerator>());
        stack = new CheckEmbeddingGenerator(new JobLimitEmbeddingGenerator(stack));
        return services.Cache is { } cache
            ? new CachingEmbeddingGenerator(stack, provider.Model, cache, services.Loggers.CreateLogger<CachingEmbeddingGenerator>(), writes: false)
            : stack;
    }
}

/// <summary>One provider.</summary>
/// <param name="Name">Its name in the settings.</param>
/// <param name="TelemetryName">Its name in telemetry.</param>
/// <param name="Model">Its model.</param>
/// <param name="Tokenizer">Counts tokens; an estimate must err on the high side.</param>
/// <param name="Limits">Its limits.</param>
/// <param name="Resilience">How its failures are handled.</param>
internal sealed record ProviderDescription(
    string Name, string TelemetryName, EmbeddingModelInfo Model, ITokenizer Tokenizer, ProviderLimits Limits, ProviderResilience Resilience);

/// <summary>How failures of a provider are handled.</summary>
/// <param name="Attempts">Attempts at one request within one call, 1 to 10.</param>
/// <param name="SoftTimeout">After it the caller gets a transient fault, while the request continues.</param>
/// <param name="HardTimeout">After it the request is cancelled; at least <paramref name="SoftTimeout"/>.</param>
/// <param name="FailuresToOpen">Failures in a row that open the circuit.</param>
/// <param name="BreakDuration">How long the circuit stays open at first; doubles with each failed trial, up to eight times as long.</param>
internal sealed record ProviderResilience(int Attempts, TimeSpan SoftTimeout, TimeSpan HardTimeout, int FailuresToOpen, TimeSpan BreakDuration);

/// <summary>What all providers of a silo share.</summary>
/// <param name="Silo">The silo's name among those that share budgets.</param>
/// <param name="Budget">Leases from budgets.</param>
/// <param name="Cache">The embedding cache; null for none.</param>
/// <param name="Instruments">The measurements.</param>
/// <param name="Time">The clock.</param>
/// <param name="Random">Jitter.</param>
/// <param name="Loggers">The loggers.</param>
internal sealed record ProviderServices(
    string Silo, IBudgetLessor Budget, IEmbeddingCache? Cache, EmbeddingInstruments Instruments, TimeProvider Time, Random Random, ILoggerFactory Loggers);
