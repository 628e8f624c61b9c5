namespace Quiver.GrainInterfaces.Tenants;

/// <summary>Admits a tenant's jobs: so many run at a time, the rest wait in order. Key: the tenant.</summary>
[Alias("quiver.ITenantGrain")]
public interface ITenantGrain : IGrainWithStringKey
{
    /// <summary>The job to use for a submission: the earlier one when the idempotency token was seen before.</summary>
    /// <param name="job">The new job's id.</param>
    /// <param name="idempotencyToken">The caller's token; null for none.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    [Alias("Reserve")]
    Task<JobId> ReserveAsync(JobId job, string? idempotencyToken, CancellationToken cancellationToken = default);

    /// <summary>Asks for a turn; true when the job may run now. Asking again changes nothing.</summary>
    /// <param name="job">The job.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="ConflictException">With <see cref="ErrorCodes.QueueFull"/>.</exception>
    [Alias("RequestAdmission")]
    Task<bool> RequestAdmissionAsync(JobId job, CancellationToken cancellationToken = default);

    /// <summary>Gives the turn back, or leaves the queue; the next in order is told.</summary>
    /// <param name="job">The job.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    [Alias("Release")]
    Task ReleaseAsync(JobId job, CancellationToken cancellationToken = default);

    /// <summary>Takes a place for a dedicated collection. Taking it again changes nothing.</summary>
    /// <param name="collection">The collection.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="ConflictException">With <see cref="ErrorCodes.TooManyDedicated"/>.</exception>
    [Alias("TakeDedicated")]
    Task TakeDedicatedAsync(CollectionName collection, CancellationToken cancellationToken = default);

    /// <summary>Gives the place of a dedicated collection back. Giving it back again changes nothing.</summary>
    /// <param name="collection">The collection.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    [Alias("ReleaseDedicated")]
    Task ReleaseDedicatedAsync(CollectionName collection, CancellationToken cancellationToken = default);

    /// <summary>Forgets a job that ended: its turn and its idempotency token.</summary>
    /// <param name="job">The job.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    [Alias("Forget")]
    Task ForgetAsync(JobId job, CancellationToken cancellationToken = default);
}
