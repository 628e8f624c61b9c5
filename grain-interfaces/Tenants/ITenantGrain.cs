namespace Quiver.GrainInterfaces.Tenants;

/// <summary>Admits a tenant's jobs: up to a limit run at a time, the rest wait in order. Key: the tenant.</summary>
[Alias("quiver.ITenantGrain")]
public interface ITenantGrain : IGrainWithStringKey
{
    /// <summary>Returns the job to use for a submission: the earlier one when the idempotency token is known.</summary>
    /// <param name="job">The new job's id.</param>
    /// <param name="idempotencyToken">The caller's token; null for none.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    [Alias("Reserve")]
    Task<JobId> ReserveAsync(JobId job, string? idempotencyToken, CancellationToken cancellationToken = default);

    /// <summary>Requests admission; true when the job may run now. Safe to repeat.</summary>
    /// <exception cref="ConflictException">With <see cref="ErrorCodes.QueueFull"/>.</exception>
    [Alias("RequestAdmission")]
    Task<bool> RequestAdmissionAsync(JobId job, CancellationToken cancellationToken = default);

    /// <summary>Ends the job's admission or removes it from the queue, and notifies the next job in order.</summary>
    [Alias("Release")]
    Task ReleaseAsync(JobId job, CancellationToken cancellationToken = default);

    /// <summary>Reserves one of the tenant's dedicated collections. Safe to repeat.</summary>
    /// <exception cref="ConflictException">With <see cref="ErrorCodes.TooManyDedicated"/>.</exception>
    [Alias("TakeDedicated")]
    Task TakeDedicatedAsync(CollectionName collection, CancellationToken cancellationToken = default);

    /// <summary>Releases the reservation of a dedicated collection. Safe to repeat.</summary>
    [Alias("ReleaseDedicated")]
    Task ReleaseDedicatedAsync(CollectionName collection, CancellationToken cancellationToken = default);

    /// <summary>Forgets a job that ended: its admission and its idempotency token.</summary>
    [Alias("Forget")]
    Task ForgetAsync(JobId job, CancellationToken cancellationToken = default);
}
