using Quiver.Core.Embedding;
using Quiver.Core.Embedding.Budgets;
using Quiver.Core.Resilience;
using Quiver.GrainInterfaces.Providers;

namespace Quiver.Grains.Providers;

/// <summary>
/// Keeps one provider's budget in memory. A new activation starts with a small budget, because it does not know what was already sent.
/// </summary>
internal sealed class ProviderBudgetGrain(IEmbeddingModelCatalog models, TimeProvider time) : Grain, IProviderBudgetGrain
{
    private readonly SteadyTimeProvider _time = new(time);
    private ProviderBudget? _budget;

    public Task<BudgetGrant> LeaseAsync(BudgetAsk ask, CancellationToken cancellationToken = default)
    {
        var now = _time.GetUtcNow();
        _budget ??= ProviderBudget.Create(models, this.GetPrimaryKeyString(), now);
        return Task.FromResult(_budget.Lease(ask, now));
    }
}

/// <summary>Leases from the budget's grain.</summary>
internal sealed class GrainBudgetLessor(IGrainFactory grains) : IBudgetLessor
{
    public Task<BudgetGrant> LeaseAsync(string provider, BudgetAsk ask, CancellationToken cancellationToken = default) =>
        grains.GetGrain<IProviderBudgetGrain>(provider).LeaseAsync(ask, cancellationToken);
}
