using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Quiver.Core.Embedding.Budgets;
using Quiver.Core.Resilience;

namespace Quiver.Core.Embedding.Providers;

/// <summary>
/// The decorators around a remote provider, in the one place that orders them. A call passes, from outside in: the cache with deduplication;
/// the job's places; requests of the provider's size, halved when refused; a few attempts; the circuit; the hold after throttling; the budget, which every attempt
/// takes from; the timeouts; the cache again, which keeps each request's answer at once; the places for requests under way; measurement.
/// </summary>
internal static class ProviderStack
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan LongestHold = TimeSpan.FromSeconds(30);

    /// <summary>Puts the stack together.</summary>
    /// <param name="transport">Sends one request; throws classified errors.</param>
    /// <param name="provider">What is particular about the provider.</param>
    /// <param name="services">What all providers share.</param>
    /// <param name="circuit">Gets the circuit, to show its state.</param>
    public static IEmbeddingGenerator<string, Embedding<float>> Create(
        IEmbeddingGenerator<string, Embedding<float>> transport, ProviderDescription provider, ProviderServices services, out CircuitBreaker circuit)
    {
        var (time, random, resilience, limits) = (services.Time, services.Random, provider.Resilience, provider.Limits);
        circuit = new CircuitBreaker(provider.Name, resilience.FailuresToOpen, resilience.BreakDuration, time, random);
        IEmbeddingGenerator<string, Embedding<float>> stack = new TelemetryEmbeddingGenerator(transport, provider.Model, provider.TelemetryName, services.Instruments, time);
        stack = new ConcurrencyEmbeddingGenerator(stack, provider.Name, limits.MaxConcurrency);
        if (services.Cache is { } keeps)
        {
            stack = new KeepingEmbeddingGenerator(stack, provider.Model, keeps, services.Loggers.CreateLogger<KeepingEmbeddingGenerator>());
        }

        stack = new TimedEmbeddingGenerator(stack, provider.Name, resilience.SoftTimeout, resilience.HardTimeout, time);
        if (limits.HasBudget)
        {
            stack = new BudgetEmbeddingGenerator(stack, new BudgetGate(provider.Name, services.Silo, services.Budget, time));
        }

        stack = new ThrottleEmbeddingGenerator(stack, provider.Name, new RetrySchedule(FirstDelay, LongestHold, random), time, random);
        stack = new CircuitEmbeddingGenerator(stack, circuit);
        stack = new RetryingEmbeddingGenerator(stack, resilience.Attempts, new RetrySchedule(FirstDelay, LongestDelay, random), time);
        stack = new BatchingEmbeddingGenerator(stack, provider, services.Loggers.CreateLogger<BatchingEmbeddingGenerator>());
        stack = new GatedEmbeddingGenerator(stack);
        return services.Cache is { } cache
            ? new CachingEmbeddingGenerator(stack, provider.Model, cache, services.Loggers.CreateLogger<CachingEmbeddingGenerator>(), keeps: false)
            : stack;
    }
}
