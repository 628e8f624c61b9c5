using System.Collections.Concurrent;
using Quiver.GrainInterfaces.Providers;

namespace Quiver.Core.Embedding.Budgets;

/// <summary>Keeps the budgets of a process that shares them with no other. Thread-safe.</summary>
/// <param name="models">Gives the catalog, which may itself need this.</param>
/// <param name="time">The clock.</param>
public sealed class LocalBudgetLessor(Func<IEmbeddingModelCatalog> models, TimeProvider time) : IBudgetLessor
{
    private readonly ConcurrentDictionary<string, ProviderBudget> _budgets = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public Task<BudgetGrant> LeaseAsync(string provider, BudgetAsk ask, CancellationToken cancellationToken = default)
    {
        var now = time.GetUtcNow();
        var budget = _budgets.GetOrAdd(provider, name => ProviderBudget.Create(models(), name, now));
        lock (budget)
        {
            return Task.FromResult(budget.Lease(ask, now));
        }
    }
}
