using Orleans.Concurrency;

namespace Quiver.GrainInterfaces.Jobs;

/// <summary>Owns one job: its state machine, its checkpoint, its pump. Key: <see cref="JobKey"/>.</summary>
[Alias("quiver.IIngestionJobGrain")]
public interface IIngestionJobGrain : IGrainWithStringKey
{
    /// <summary>Creates the job in <see cref="JobState.Queued"/> and asks its tenant for admission; the same spec again changes nothing.</summary>
    /// <param name="spec">What to do.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="ConflictException">The job exists with another spec.</exception>
    /// <exception cref="InvalidRequestException">The spec is out of range, or its source cannot be opened.</exception>
    [Alias("Submit")]
    Task<JobStatus> SubmitAsync(JobSpec spec, CancellationToken cancellationToken = default);

    /// <summary>The job as it stands; <see cref="JobStatus.LastCommittedIndex"/> is as durable as it says.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="NotFoundException">With <see cref="ErrorCodes.UnknownJob"/>.</exception>
    [Alias("GetStatus"), ReadOnly]
    Task<JobStatus> GetStatusAsync(CancellationToken cancellationToken = default);

    /// <summary>Pauses a running job: no new batches, those in flight finish and are committed.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="ConflictException">With <see cref="ErrorCodes.IllegalTransition"/>.</exception>
    [Alias("Pause")]
    Task<JobStatus> PauseAsync(CancellationToken cancellationToken = default);

    /// <summary>Runs a paused job, or takes up again a running one that no silo works on.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="ConflictException">With <see cref="ErrorCodes.IllegalTransition"/>.</exception>
    [Alias("Resume")]
    Task<JobStatus> ResumeAsync(CancellationToken cancellationToken = default);

    /// <summary>Stops a job for good. What it stored stays. Waits a few seconds for its last calls, and lets other calls in meanwhile.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="ConflictException">With <see cref="ErrorCodes.IllegalTransition"/>.</exception>
    [Alias("Cancel"), AlwaysInterleave]
    Task<JobStatus> CancelAsync(CancellationToken cancellationToken = default);

    /// <summary>Queues a failed job again; it continues from its checkpoint.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="ConflictException">With <see cref="ErrorCodes.IllegalTransition"/>.</exception>
    [Alias("Retry")]
    Task<JobStatus> RetryAsync(CancellationToken cancellationToken = default);

    /// <summary>Goes on with what the durable state says: pumps when running, asks for admission when queued. Harmless at any time.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    [Alias("Wake")]
    Task WakeAsync(CancellationToken cancellationToken = default);

    /// <summary>Forgets a job that has ended, here, at its tenant and in the ledger; what it stored stays. Harmless to repeat.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>False when it has not ended, or goes on again: then nothing is changed.</returns>
    [Alias("Purge")]
    Task<bool> PurgeAsync(CancellationToken cancellationToken = default);

    /// <summary>The tenant's word that it is this job's turn; if it is lost, the next wake asks again.</summary>
    [Alias("Admitted"), OneWay]
    Task AdmittedAsync();
}
