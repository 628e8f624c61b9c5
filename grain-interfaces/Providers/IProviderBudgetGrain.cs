namespace Quiver.GrainInterfaces.Providers;

/// <summary>
/// The cluster-wide budget of one provider: requests and tokens per minute. Silos lease from it for everything that waits with them, so that
/// it is never asked per item. Key: the provider's name.
/// </summary>
[Alias("quiver.IProviderBudgetGrain")]
public interface IProviderBudgetGrain : IGrainWithStringKey
{
    /// <summary>Gives a silo what it may send now.</summary>
    /// <param name="ask">What waits there.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="NotFoundException">With <see cref="ErrorCodes.UnknownProvider"/>: this silo has no such provider.</exception>
    [Alias("Lease")]
    Task<BudgetGrant> LeaseAsync(BudgetAsk ask, CancellationToken cancellationToken = default);
}
