using Orleans.Concurrency;

namespace Quiver.GrainInterfaces.Jobs;

/// <summary>Owns one job: its state machine, checkpoint and pump. Key: <see cref="JobKey"/>.</summary>
[Alias("quiver.IIngestionJobGrain")]
public interface IIngestionJobGrain : IGrainWithStringKey
{
    /// <summary>
    /// Creates the job in <see cref="JobState.Queued"/> and requests admission from its tenant; submitting the same spec again changes
    /// nothing.
    /// </summary>
    /// <exception cref="ConflictException">The job exists with another spec.</exception>
    /// <exception cref="InvalidRequestException">The spec is out of range, or its source cannot be opened.</exception>
    [Alias("Submit")]
    Task<JobStatus> SubmitAsync(JobSpec spec, CancellationToken cancellationToken = default);

    /// <summary>Returns the job's current status; the prefix up to <see cref="JobStatus.LastCommittedIndex"/> is durable.</summary>
    /// <exception cref="NotFoundException">With <see cref="ErrorCodes.UnknownJob"/>.</exception>
    [Alias("GetStatus"), ReadOnly]
    Task<JobStatus> GetStatusAsync(CancellationToken cancellationToken = default);

    /// <summary>Pauses a running job: no new batches, those in flight finish and are committed.</summary>
    /// <exception cref="ConflictException">With <see cref="ErrorCodes.IllegalTransition"/>.</exception>
    [Alias("Pause")]
    Task<JobStatus> PauseAsync(CancellationToken cancellationToken = default);

    /// <summary>Resumes a paused job, or a running one that no silo works on.</summary>
    /// <exception cref="ConflictException">With <see cref="ErrorCodes.IllegalTransition"/>.</exception>
    [Alias("Resume")]
    Task<JobStatus> ResumeAsync(CancellationToken cancellationToken = default);

    /// <summary>Cancels a job; final. What it stored stays stored. Waits a few seconds for its last calls and lets other calls interleave.</summary>
    /// <exception cref="ConflictException">With <see cref="ErrorCodes.IllegalTransition"/>.</exception>
    [Alias("Cancel"), AlwaysInterleave]
    Task<JobStatus> CancelAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Queues a failed job again. It continues from its checkpoint, or reads its source again when the source had ended or its documents were the reason.
    /// </summary>
    /// <exception cref="ConflictException">With <see cref="ErrorCodes.IllegalTransition"/>.</exception>
    [Alias("Retry")]
    Task<JobStatus> RetryAsync(CancellationToken cancellationToken = default);

    /// <summary>Continues from the durable state: pumps when running, requests admission when queued. Safe at any time.</summary>
    [Alias("Wake")]
    Task WakeAsync(CancellationToken cancellationToken = default);

    /// <summary>Deletes a job that has ended from its state, its tenant and the ledger; what it stored stays stored. Safe to repeat.</summary>
    /// <returns>False when it has not ended or was retried; nothing changes then.</returns>
    [Alias("Purge")]
    Task<bool> PurgeAsync(CancellationToken cancellationToken = default);

    /// <summary>Notifies the job that its tenant admitted it. If the notification is lost, the next wake asks again.</summary>
    [Alias("Admitted"), OneWay]
    Task AdmittedAsync();
}
