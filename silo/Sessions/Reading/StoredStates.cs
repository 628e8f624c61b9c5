using System.Text.Json;
using Quiver.Adapters.Storage.Sqlite;
using Quiver.Core.Collections;
using Quiver.Core.Jobs;
using Quiver.Grains;
using Quiver.Grains.Collections;
using Quiver.Grains.Jobs;

namespace Quiver.Silo.Sessions.Reading;

/// <summary>The state of jobs and collections, read without their grains. After a crash it is slightly ahead of the ledger. Thread-safe.</summary>
/// <param name="states">The stored grain state.</param>
/// <param name="options">Reads the settings of collections; called when a collection is read.</param>
internal sealed class StoredStates(SqliteGrainReader states, Func<CollectionOptions> options) : IJobStatuses, ICollectionBindings
{
    // The prefixes of grain identities that Orleans derives from the class names.
    public const string Jobs = "ingestionjob/";
    public const string Collections = "collection/";
    public const string Tenants = "tenant/";

    /// <summary>Whether another process runs the directory's jobs.</summary>
    public bool JobsRun { get; set; }

    public async Task<JobStatus> GetAsync(JobKey job, CancellationToken cancellationToken = default) => ToStatus(await GetRecordAsync(job, cancellationToken));

    public async Task<CollectionBinding> GetAsync(CollectionKey collection, CancellationToken cancellationToken = default) =>
        (await GetStateAsync(collection, cancellationToken)).BindingForReaders(collection, options());

    /// <summary>The record of a job.</summary>
    /// <exception cref="NotFoundException">With <see cref="ErrorCodes.UnknownJob"/>.</exception>
    public async Task<JobRecord> GetRecordAsync(JobKey job, CancellationToken cancellationToken = default) =>
        (await FindAsync<IngestionJobState>($"{Jobs}{job}", "job", cancellationToken))?.Job ?? throw UnknownJob.Error(job);

    /// <summary>The state of a collection; an empty one when the collection does not exist.</summary>
    public async Task<CollectionState> GetStateAsync(CollectionKey collection, CancellationToken cancellationToken = default) =>
        await FindAsync<CollectionState>($"{Collections}{collection}", "collection", cancellationToken) ?? new CollectionState();

    /// <summary>The status of a job. When another process runs the jobs, every job in state Running is taken as running.</summary>
    public JobStatus ToStatus(JobRecord record) => record.ToStatus(JobsRun && record.State == JobState.Running);

    private async Task<T?> FindAsync<T>(string grain, string name, CancellationToken cancellationToken)
        where T : class =>
        await states.FindAsync(grain, name, cancellationToken) is { } json ? JsonSerializer.Deserialize<T>(json, GrainStateJson.Options) : null;
}
