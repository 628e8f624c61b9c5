namespace Quiver.GrainInterfaces.Providers;

/// <summary>Shows the embedding providers and tries them; stateless. Key 0.</summary>
[Alias("quiver.IProviderQueryGrain")]
public interface IProviderQueryGrain : IGrainWithIntegerKey
{
    /// <summary>All providers by name, without asking them anything.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    [Alias("List")]
    Task<ImmutableArray<ProviderInfo>> ListAsync(CancellationToken cancellationToken = default);

    /// <summary>Makes one real embedding call past the cache, and a second one where search queries are sent otherwise than documents; they may cost a few tokens.</summary>
    /// <param name="request">Which provider, and for whom.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="NotFoundException">With <see cref="ErrorCodes.UnknownProvider"/>.</exception>
    /// <exception cref="QuiverException">What the call failed with, as a job would meet it.</exception>
    [Alias("Test")]
    Task<ProviderTest> TestAsync(ProviderTestRequest request, CancellationToken cancellationToken = default);
}
