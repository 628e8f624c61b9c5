using Quiver.Core.Embedding.Budgets;
using Quiver.GrainInterfaces.Providers;

namespace Quiver.Grains.Providers;

/// <summary>Asks the budget's grain.</summary>
internal sealed class GrainBudgetLessor(IGrainFactory grains) : IBudgetLessor
{
    public Task<BudgetGrant> LeaseAsync(string provider, BudgetAsk ask, CancellationToken cancellationToken = default) =>
        grains.GetGrain<IProviderBudgetGrain>(provider).LeaseAsync(ask, cancellationToken);
}
