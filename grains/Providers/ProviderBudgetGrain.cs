using Quiver.GrainInterfaces.Providers;
using Quiver.Pipeline.Embedding;
using Quiver.Pipeline.Embedding.Budgets;

namespace Quiver.Grains.Providers;

/// <summary>Keeps one provider's budget. In memory: a new activation begins with little, so that what was sent before it is not sent again.</summary>
internal sealed class ProviderBudgetGrain(IEmbeddingModelCatalog models, TimeProvider time) : Grain, IProviderBudgetGrain
{
    private ProviderBudget? _budget;

    public Task<BudgetGrant> LeaseAsync(BudgetAsk ask, CancellationToken cancellationToken = default)
    {
        _budget ??= Create();
        return Task.FromResult(_budget.Lease(ask, time.GetUtcNow()));
    }

    private ProviderBudget Create()
    {
        var name = this.GetPrimaryKeyString();
        return models.FindByName(name)?.Limits is { } limits
            ? new ProviderBudget(limits, time.GetUtcNow())
            : throw new NotFoundException(ErrorCodes.UnknownProvider, $"This silo has no remote provider {name}: give all silos the same settings.");
    }
}
