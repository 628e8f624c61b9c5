using Quiver.Core.Embedding;
using Quiver.Core.Embedding.Budgets;
using Quiver.GrainInterfaces.Providers;

namespace Quiver.Grains.Providers;

/// <summary>Keeps one provider's budget. In memory: a new activation begins with little, so that what was sent before it is not sent again.</summary>
internal sealed class ProviderBudgetGrain(IEmbeddingModelCatalog models, TimeProvider time) : Grain, IProviderBudgetGrain
{
    private ProviderBudget? _budget;

    public Task<BudgetGrant> LeaseAsync(BudgetAsk ask, CancellationToken cancellationToken = default)
    {
        var now = time.GetUtcNow();
        _budget ??= ProviderBudget.Create(models, this.GetPrimaryKeyString(), now);
        return Task.FromResult(_budget.Lease(ask, now));
    }
}
