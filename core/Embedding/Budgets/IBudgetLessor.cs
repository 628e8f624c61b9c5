using System.Collections.Concurrent;
using Quiver.Core.Resilience;
using Quiver.GrainInterfaces.Providers;

namespace Quiver.Core.Embedding.Budgets;

/// <summary>Leases from the budget that the whole cluster shares. Thread-safe.</summary>
public interface IBudgetLessor
{
    /// <summary>See <see cref="IProviderBudgetGrain.LeaseAsync"/>.</summary>
    /// <param name="provider">The provider's name.</param>
    /// <param name="ask">The requests that wait at this silo.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    Task<BudgetGrant> LeaseAsync(string provider, BudgetAsk ask, CancellationToken cancellationToken = default);
}

/// <summary>The budgets of a process that shares them with no other process. Thread-safe.</summary>
/// <param name="models">Returns the catalog; a function because the catalog may need this lessor.</param>
/// <param name="time">The clock.</param>
public sealed class LocalBudgetLessor(Func<IEmbeddingModelCatalog> models, TimeProvider time) : IBudgetLessor
{
    private readonly SteadyTimeProvider _time = new(time);
    private readonly ConcurrentDictionary<string, ProviderBudget> _budgets = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public Task<BudgetGrant> LeaseAsync(string provider, BudgetAsk ask, CancellationToken cancellationToken = default)
    {
        var now = _time.GetUtcNow();
        var budget = _budgets.GetOrAdd(provider, name => ProviderBudget.Create(models(), name, now));
        lock (budget)
        {
            return Task.FromResult(budget.Lease(ask, now));
        }
    }
}
