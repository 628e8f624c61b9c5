using System.Text.Json;
using Quiver.Adapters.Storage.Sqlite;
using Quiver.Core.Collections;
using Quiver.Core.Jobs;
using Quiver.Grains;
using Quiver.Grains.Collections;
using Quiver.Grains.Jobs;

namespace Quiver.Silo.Sessions.Reading;

/// <summary>What jobs and collections keep of themselves, read without their grains: after a crash the ledger is a little behind it. Thread-safe.</summary>
/// <param name="states">Where grains keep their state.</param>
/// <param name="options">Gives the settings of shared storage; called when a collection is read.</param>
internal sealed class StoredStates(SqliteGrainReader states, Func<CollectionOptions> options) : IJobStatuses, ICollectionBindings
{
    // The beginning of the identities that the runtime gives to grains of these classes.
    private const string Jobs = "ingestionjob/";
    private const string Collections = "collection/";

    /// <summary>Whether another process runs the directory's jobs.</summary>
    public bool JobsRun { get; set; }

    public async Task<JobStatus> GetAsync(JobKey job, CancellationToken cancellationToken = default) => ToStatus(await GetRecordAsync(job, cancellationToken));

    public async Task<CollectionBinding> GetAsync(CollectionKey collection, CancellationToken cancellationToken = default) =>
        (await GetStateAsync(collection, cancellationToken)).BindingForReaders(collection, options());

    /// <summary>A job's record.</summary>
    /// <exception cref="NotFoundException">With <see cref="ErrorCodes.UnknownJob"/>.</exception>
    public async Task<JobRecord> GetRecordAsync(JobKey job, CancellationToken cancellationToken = default) =>
        (await FindAsync<IngestionJobState>($"{Jobs}{job}", "job", cancellationToken))?.Job ?? throw UnknownJob.Error(job);

    /// <summary>A collection's state, also that of one that does not exist.</summary>
    public async Task<CollectionState> GetStateAsync(CollectionKey collection, CancellationToken cancellationToken = default) =>
        await FindAsync<CollectionState>($"{Collections}{collection}", "collection", cancellationToken) ?? new CollectionState();

    /// <summary>A record as others see it. In a process that runs jobs every job that should run does.</summary>
    public JobStatus ToStatus(JobRecord record) => record.ToStatus(JobsRun && record.State == JobState.Running);

    private async Task<T?> FindAsync<T>(string grain, string name, CancellationToken cancellationToken)
        where T : class =>
        await states.FindAsync(grain, name, cancellationToken) is { } json ? JsonSerializer.Deserialize<T>(json, GrainStateJson.Options) : null;
}
