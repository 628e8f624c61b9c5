using System.Text.Json;
using Microsoft.Data.Sqlite;
using Quiver.Adapters.Storage.Files;
using Quiver.Adapters.Storage.Ledger;
using Quiver.Adapters.Storage.Sqlite;
using Quiver.Core.Collections;
using Quiver.Core.Jobs;
using Quiver.Core.Ledger;
using Quiver.Core.Sources;
using Quiver.Grains;
using Quiver.Grains.Collections;
using Quiver.Grains.Jobs;
using Quiver.Grains.Tenants;
using Quiver.Silo.DataDirectory;
using Quiver.Silo.Options;
using Quiver.Silo.Sessions.Reading;

namespace Quiver.Silo.Repair;

/// <summary>What was rebuilt.</summary>
/// <param name="Jobs">Jobs.</param>
/// <param name="Collections">Collections.</param>
/// <param name="Failed">Of the jobs, those that cannot continue.</param>
internal readonly record struct RebuiltState(long Jobs, long Collections, long Failed);

/// <summary>Rebuilds the grain state from the ledger, and jobs and collections of the ledger from the grain state. What is there already stays.</summary>
internal sealed class StateRebuild(DataDirectoryFiles files, DirectoryManifest manifest, IConfiguration settings, TimeProvider time)
{
    private const string InsertState = "INSERT OR IGNORE INTO grain_state (grain, name, version, value) VALUES ($grain, $name, 1, $value)";

    private const string InsertReminder =
        "INSERT OR IGNORE INTO reminders (grain, name, first_tick, period, etag) VALUES ($grain, $name, $first, $period, $etag)";

    /// <summary>Writes the jobs and collections of the grain state to the ledger.</summary>
    public async Task<RebuiltState> FillLedgerAsync(CancellationToken cancellationToken)
    {
        await using var ledger = OpenLedger();
        using var session = OpenState();
        return await FillLedgerAsync(ReadStates(session).ToAsyncEnumerable(), ledger, cancellationToken);
    }

    /// <summary>Writes jobs and collections to a ledger.</summary>
    /// <param name="states">Serialized grain states, by the identities of their grains; others than jobs and collections are ignored.</param>
    /// <param name="ledger">The ledger.</param>
    /// <param name="cancellationToken">Stops between states.</param>
    public static async Task<RebuiltState> FillLedgerAsync(
        IAsyncEnumerable<(string Grain, byte[] Value)> states, ILedger ledger, CancellationToken cancellationToken)
    {
        var (jobs, collections) = (0L, 0L);
        await foreach (var (grain, value) in states.WithCancellation(cancellationToken))
        {
            if (grain.StartsWith(StoredStates.Jobs, StringComparison.Ordinal) && Deserialize<IngestionJobState>(value)?.Job is { } job)
            {
                await ledger.SaveJobAsync(job.ToStatus(), cancellationToken);
                await ledger.AppendEventsAsync(JobKey.Parse(grain[StoredStates.Jobs.Length..]), job.Outbox.IsDefault ? [] : job.Outbox, cancellationToken);
                jobs++;
            }
            else if (grain.StartsWith(StoredStates.Collections, StringComparison.Ordinal)
                && Deserialize<CollectionState>(value) is { Binding: { } binding, Deleting: false } state)
            {
                await ledger.SaveCollectionAsync(binding.Key.Tenant, state.Describe(), cancellationToken);
                collections++;
            }
        }

        return new(jobs, collections, 0);
    }

    /// <summary>Finds the collections that exist.</summary>
    /// <param name="states">As for <see cref="FillLedgerAsync(IAsyncEnumerable{ValueTuple{string, byte[]}}, ILedger, CancellationToken)"/>.</param>
    /// <param name="cancellationToken">Stops between states.</param>
    public static IAsyncEnumerable<CollectionBinding> ReadBindingsAsync(
        IAsyncEnumerable<(string Grain, byte[] Value)> states, CancellationToken cancellationToken) =>
        states
            .Where(static state => state.Grain.StartsWith(StoredStates.Collections, StringComparison.Ordinal))
            .Select(static state => Deserialize<CollectionState>(state.Value)?.Binding)
            .OfType<CollectionBinding>();

    /// <summary>Writes the jobs and collections of the ledger as grain state. Jobs that had not ended fail: their checkpoints are lost.</summary>
    public async Task<RebuiltState> FillStateAsync(CancellationToken cancellationToken)
    {
        List<JobStatus> failed = [];
        var rebuilt = default(RebuiltState);
        await using (var ledger = OpenLedger())
        {
            using var source = SqliteConnections.Open(files.Ledger, SqliteOpenMode.ReadWrite, static _ => { });
            using var session = OpenState();
            session.Transact(() =>
            {
                rebuilt = new(AddJobs(source, session, failed, cancellationToken), AddCollections(source, session, cancellationToken), failed.Count);
                return rebuilt;
            });
            foreach (var status in failed)
            {
                await ledger.SaveJobAsync(status, cancellationToken);
            }
        }

        return rebuilt;
    }

    /// <summary>The collections that exist, from the grain state.</summary>
    public async Task<ImmutableArray<CollectionBinding>> ReadBindingsAsync(CancellationToken cancellationToken)
    {
        if (!File.Exists(files.GrainState))
        {
            return [];
        }

        using var session = OpenState();
        return [.. await ReadBindingsAsync(ReadStates(session).ToAsyncEnumerable(), cancellationToken).ToListAsync(cancellationToken)];
    }

    private static IEnumerable<(string Grain, byte[] Value)> ReadStates(SqliteSession session)
    {
        using var row = session.Query("SELECT grain, value FROM grain_state");
        while (row.Read())
        {
            yield return (row.GetString(0), row.GetFieldValue<byte[]>(1));
        }
    }

    private SqliteLedger OpenLedger() => new(files.Ledger, Microsoft.Extensions.Options.Options.Create(SettingSections.Read<LedgerOptions>(settings)), manifest);

    private SqliteSession OpenState() => new SqliteConnector(files.GrainState, manifest: manifest).OpenWriter(SqliteGrainSchema.Migrations);

    private static T? Deserialize<T>(byte[] value) => JsonSerializer.Deserialize<T>(value, GrainStateJson.Options);

    private static bool TryInsert<T>(SqliteSession session, string grain, string name, T state) => session.Execute(
        InsertState, ("$grain", grain), ("$name", name), ("$value", JsonSerializer.SerializeToUtf8Bytes(state, GrainStateJson.Options))) == 1;

    private long AddJobs(SqliteSession source, SqliteSession session, List<JobStatus> failed, CancellationToken cancellationToken)
    {
        var added = 0L;
        using var row = source.Query("SELECT tenant, job, status FROM jobs");
        while (row.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            var key = new JobKey(TenantId.Parse(row.GetString(0)), JobId.Parse(row.GetString(1)));
            var left = LedgerJson.ReadJob(row.GetString(2));
            var status = left.State.IsFinal() ? left : LostJob.Fail(left, time.GetUtcNow());
            if (TryInsert(session, $"{StoredStates.Jobs}{key}", "job", new IngestionJobState { Job = ToRecord(status) }))
            {
                added++;
                if (status != left)
                {
                    failed.Add(status);
                }
            }
        }

        return added;
    }

    private long AddCollections(SqliteSession source, SqliteSession session, CancellationToken cancellationToken)
    {
        var added = 0L;
        var interval = SettingSections.Read<CollectionOptions>(settings).RetentionInterval;
        Dictionary<TenantId, ImmutableArray<CollectionName>> dedicated = [];
        using (var row = source.Query("SELECT tenant, info FROM collections ORDER BY tenant, name"))
        {
            while (row.Read())
            {
                cancellationToken.ThrowIfCancellationRequested();
                var tenant = TenantId.Parse(row.GetString(0));
                var info = LedgerJson.ReadCollection(row.GetString(1));
                var key = new CollectionKey(tenant, info.Name);
                added += TryInsert(session, $"{StoredStates.Collections}{key}", "collection", ToState(key, info)) ? 1 : 0;
                if (info.Settings?.Dedicated is true)
                {
                    dedicated[tenant] = dedicated.GetValueOrDefault(tenant, []).Add(info.Name);
                }

                if (info.Settings?.RetainFor > TimeSpan.Zero)
                {
                    session.Execute(
                        InsertReminder,
                        ("$grain", $"{StoredStates.Collections}{key}"),
                        ("$name", CollectionGrain.RetentionReminder),
                        ("$first", (time.GetUtcNow() + interval).UtcTicks),
                        ("$period", interval.Ticks),
                        ("$etag", Guid.NewGuid().ToString("N")));
                }
            }
        }

        foreach (var (tenant, names) in dedicated)
        {
            TryInsert(session, $"{StoredStates.Tenants}{tenant}", "tenant", new TenantState { Dedicated = names });
        }

        return added;
    }

    private static CollectionState ToState(CollectionKey key, CollectionInfo info) => new()
    {
        Binding = new()
        {
            Key = key,
            PhysicalCollection = info.PhysicalCollection,
            Model = info.Model,
            Dimensions = info.Dimensions,
            EmbedContext = info.EmbedContext,
        },
        Settings = info.Settings,
        Generation = info.Generation,
        CreatedAt = info.CreatedAt,
    };

    /// <summary>The record of a job that has ended. A failed one can be retried only from the beginning, so it starts there.</summary>
    private static JobRecord ToRecord(JobStatus status)
    {
        var record = new JobRecord
        {
            Id = status.Id,
            Spec = status.Spec,
            State = status.State,
            CreatedAt = status.CreatedAt,
            StartedAt = status.StartedAt,
            FinishedAt = status.FinishedAt,
            Elapsed = status.Elapsed,
            Waiting = status.Waiting,
            Epoch = status.Epoch,
            Generation = status.Generation,
            Cursor = new SourceCursor(status.LastCommittedIndex + 1, ""),
            SourceEnded = status.State.IsSuccess(),
            Counters = status.Counters,
            ExpectedDocuments = status.ExpectedDocuments,
            ErrorCode = status.ErrorCode,
            ErrorMessage = status.ErrorMessage,
            LastEventSequence = status.LastEventSequence,
        };
        return status.State == JobState.Failed ? record.FromTheBeginning() : record;
    }
}
