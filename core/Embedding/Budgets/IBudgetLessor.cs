using Quiver.GrainInterfaces.Providers;

namespace Quiver.Core.Embedding.Budgets;

/// <summary>Reaches the budget that the whole cluster shares. Thread-safe.</summary>
public interface IBudgetLessor
{
    /// <summary>See <see cref="IProviderBudgetGrain.LeaseAsync"/>.</summary>
    /// <param name="provider">The provider's name.</param>
    /// <param name="ask">What waits here.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<BudgetGrant> LeaseAsync(string provider, BudgetAsk ask, CancellationToken cancellationToken = default);
}
