using Orleans;

namespace Quiver.Tests.Unit.Client.Grains;

/// <summary>A job that only says how it stands.</summary>
internal sealed class ScriptedJobGrain(JobScript script) : Grain, IIngestionJobGrain
{
    public Task<JobStatus> GetStatusAsync(CancellationToken cancellationToken = default) => Task.FromResult(script.Current);

    public Task<JobStatus> SubmitAsync(JobSpec spec, CancellationToken cancellationToken = default) => GetStatusAsync(cancellationToken);

    public Task<JobStatus> PauseAsync(CancellationToken cancellationToken = default) => GetStatusAsync(cancellationToken);

    public Task<JobStatus> ResumeAsync(CancellationToken cancellationToken = default) => GetStatusAsync(cancellationToken);

    public Task<JobStatus> CancelAsync(CancellationToken cancellationToken = default) => throw new TimeoutException("inside");

    public Task<JobStatus> RetryAsync(CancellationToken cancellationToken = default) => throw new InvalidOperationException("secret");

    public Task WakeAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

    public Task<bool> PurgeAsync(CancellationToken cancellationToken = default) => Task.FromResult(false);

    public Task AdmittedAsync() => Task.CompletedTask;
}
