using Quiver.Adapters.Storage.Files;
using Quiver.Adapters.Storage.Ledger;
using Quiver.Adapters.Storage.Sqlite;
using Quiver.Adapters.Vectors.Embedded;
using Quiver.Cli.Sessions;
using Quiver.Core.Consistency;
using Quiver.Core.Vectors;
using Quiver.Silo.DataDirectory;
using Quiver.Silo.Options;
using Quiver.Silo.Sessions.Reading;
using static System.FormattableString;

namespace Quiver.Silo.Repair;

/// <summary>
/// Checks the files of a data directory and repairs them: a database that is damaged, missing or an older copy is set aside and made again, from its own
/// readable rows and from the other databases. What nothing else knows is marked, so that the next job stores it again.
/// </summary>
/// <param name="files">The directory, which this process holds.</param>
/// <param name="settings">The settings.</param>
/// <param name="time">The clock.</param>
internal sealed class DirectoryRepair(DataDirectoryFiles files, IConfiguration settings, TimeProvider time)
{
    private const string Kept = "The damaged file is kept beside it, with the ending .damaged";

    private readonly List<RepairedStore> _report = [];

    /// <summary>Checks everything, and repairs it unless this is a dry run. An interruption leaves work for the next run.</summary>
    public async Task<ImmutableArray<RepairedStore>> RunAsync(bool dryRun, CancellationToken cancellationToken)
    {
        var (manifest, isListDamaged) = OpenManifest(dryRun);
        var found = Find(isListDamaged ? null : manifest, cancellationToken);
        var ledger = found.GetValueOrDefault(StoreKind.Ledger);
        var state = found.GetValueOrDefault(StoreKind.GrainState);
        var rows = (Ledger: 0L, State: 0L);
        if (!dryRun)
        {
            rows = (Replace(manifest, ledger, cancellationToken), Replace(manifest, state, cancellationToken));
            if (isListDamaged)
            {
                Register(manifest, found.Values.SelectMany(static stores => stores).Where(static store => store.Damage is null));
            }
        }

        var rebuild = new StateRebuild(files, manifest, settings, time);
        var fromState = ledger.IsRepairable() && !dryRun ? await rebuild.FillLedgerAsync(cancellationToken) : default;
        var fromLedger = state.IsRepairable() && !dryRun ? await rebuild.FillStateAsync(cancellationToken) : default;
        ImmutableArray<CollectionBinding> bindings = dryRun ? [] : await rebuild.ReadBindingsAsync(cancellationToken);

        // Without any collection, no point of the index belongs to anything: its place is free for the next jobs.
        var nothingIsKnown = ledger.IsRepairable() && state.IsRepairable() && bindings.IsEmpty;
        var indexes = found.GetValueOrDefault(StoreKind.Index, []).ConvertAll(
            index => nothingIsKnown && index.Damage is null && !dryRun ? (index.Store, new StoreDamage($"{index.Store.Path} belongs to no known collection.", true)) : index);
        foreach (var (store, damage) in indexes)
        {
            await ReportAsync(store, damage, () => RepairIndexAsync(manifest, store, damage!, bindings, cancellationToken), dryRun, DescribeIndex(damage));
        }

        await ReportAsync(
            ledger,
            async () => Invariant(
                $" {rows.Ledger} rows were read from the damaged file, {fromState.Jobs} jobs and {fromState.Collections} collections come from the grain state; the next jobs store {await AddUnknownAsync(manifest, bindings, cancellationToken)} documents again."),
            dryRun,
            ($"A new ledger is made from the readable rows, the grain state and the points. {Kept}.",
                "Events and failed documents of jobs that were not readable, and the content hashes of documents: the next job of each collection stores these documents again, without embedding texts that are in the cache."));
        await ReportAsync(
            state,
            () => Task.FromResult(Invariant(
                $" {rows.State} rows were read from the damaged file, {fromLedger.Jobs} jobs and {fromLedger.Collections} collections come from the ledger; {fromLedger.Failed} unfinished jobs failed with {ErrorCodes.StateLost}.")),
            dryRun,
            ($"A new file of grain state is made from the readable rows and the ledger. {Kept}.",
                $"Checkpoints of unfinished jobs and idempotency tokens that were not readable: submit jobs that failed with {ErrorCodes.StateLost} again; they skip documents that are already stored."));
        await ReportAsync(
            found.GetValueOrDefault(StoreKind.Cache),
            () =>
            {
                DeleteCache();
                return Task.FromResult("");
            },
            dryRun,
            ("The file is deleted and made again.", "Cached embeddings: their texts are embedded again."));
        return [.. _report];
    }

    private (DirectoryManifest Manifest, bool IsDamaged) OpenManifest(bool dryRun)
    {
        try
        {
            return (DirectoryManifest.Open(files.Directory), false);
        }
        catch (PermanentException exception) when (exception.Code == ErrorCodes.StorageDamaged)
        {
            _report.Add(new("list of databases", StoreDamage.Of(exception).Sentence, "It is written again from the databases that are there."));
            var manifest = DirectoryManifest.Create(files.Directory);
            if (!dryRun)
            {
                File.Delete(manifest.FilePath);
            }

            return (manifest, true);
        }
    }

    private Dictionary<StoreKind, List<(DirectoryStore Store, StoreDamage? Damage)>> Find(DirectoryManifest? manifest, CancellationToken cancellationToken) =>
        DirectoryStores.Of(files, manifest)
            .Select(store => (Store: store, Damage: store.FindDamage(manifest, long.MaxValue, cancellationToken)))
            .GroupBy(static found => found.Store.Kind)
            .ToDictionary(static group => group.Key, static group => group.ToList());

    /// <summary>Makes a damaged database again with the rows that can be read.</summary>
    /// <returns>The number of rows.</returns>
    private static long Replace(DirectoryManifest manifest, List<(DirectoryStore Store, StoreDamage? Damage)>? found, CancellationToken cancellationToken) =>
        found is [(var store, { IsDamage: true } damage)] ? Replace(manifest, store, damage, cancellationToken) : 0;

    private static long Replace(DirectoryManifest manifest, DirectoryStore store, StoreDamage damage, CancellationToken cancellationToken)
    {
        var aside = SqliteSalvage.SetAside(store.Database);
        manifest.Remove(store.Database);
        using var session = new SqliteConnector(store.Database, manifest: manifest).OpenWriter(store.Migrations);
        var rows = damage.ContentIsWrong && aside is not null ? SqliteSalvage.Copy(aside, session, cancellationToken) : 0;
        if (store.Kind == StoreKind.Index)
        {
            LexicalTables.Forget(session);
        }

        return rows;
    }

    private static void Register(DirectoryManifest manifest, IEnumerable<(DirectoryStore Store, StoreDamage? Damage)> intact)
    {
        foreach (var (store, _) in intact.Where(static found => found.Store.Kind != StoreKind.Cache))
        {
            using var session = new SqliteConnector(store.Database, manifest: manifest).OpenWriter(store.Migrations);
        }
    }

    private static (string Repair, string Lost) DescribeIndex(StoreDamage? damage) => damage?.Slots is null
        ? ($"A new index is made from the readable rows. {Kept}. Documents whose points are missing are marked, and the next job of their collection stores them again.",
            "Points of documents that their sources no longer have.")
        : ("The points with damaged vectors are deleted. Their documents are marked, and the next job of their collection stores them again.",
            "Points of documents that their sources no longer have.");

    private async Task<string> RepairIndexAsync(
        DirectoryManifest manifest, DirectoryStore store, StoreDamage damage, ImmutableArray<CollectionBinding> bindings, CancellationToken cancellationToken)
    {
        var rows = 0L;
        if (damage.Slots is null)
        {
            rows = ReplaceIndex(manifest, store, damage, cancellationToken);
        }

        DeleteDamagedVectors(manifest, store, cancellationToken);
        var collections = bindings.Where(binding => binding.PhysicalCollection == Path.GetFileName(store.Path)).ToList();
        var marked = await WithStoresAsync(manifest, collections, static (repair, binding, stop) => repair.InvalidateLostAsync(binding, stop), cancellationToken);
        return Invariant($" {rows} rows were read from the damaged file; {marked} documents of {collections.Count} collections are marked: {string.Join(", ", collections.Select(static binding => binding.Key.Collection))}.");
    }

    /// <summary>Makes a new index. When nothing of the old one can be read, its vectors belong to no point, and the next job creates the collection.</summary>
    private static long ReplaceIndex(DirectoryManifest manifest, DirectoryStore store, StoreDamage damage, CancellationToken cancellationToken)
    {
        var rows = Replace(manifest, store, damage, cancellationToken);
        using (var session = new SqliteConnector(store.Database, manifest: manifest).OpenWriter(store.Migrations))
        {
            if (FlatSchema.ReadMeta(session) is not null)
            {
                return rows;
            }
        }

        manifest.Remove(store.Database);
        FlatFiles.DeleteEmpty(store.Path);
        return 0;
    }

    private static void DeleteDamagedVectors(DirectoryManifest manifest, DirectoryStore store, CancellationToken cancellationToken)
    {
        if (!File.Exists(store.Database))
        {
            return;
        }

        using var session = new SqliteConnector(store.Database, manifest: manifest).OpenWriter(store.Migrations);
        if (FlatSchema.ReadMeta(session) is not var (layout, _))
        {
            return;
        }

        foreach (var slots in FlatFiles.FindDamaged(session, layout, store.Path, cancellationToken).Damaged.Chunk(PageSize.Max))
        {
            session.Transact(() => slots.Sum(slot => session.Execute("DELETE FROM points WHERE slot = $slot", ("$slot", (long)slot))));
        }
    }

    private Task<long> AddUnknownAsync(DirectoryManifest manifest, ImmutableArray<CollectionBinding> bindings, CancellationToken cancellationToken) =>
        WithStoresAsync(manifest, bindings, static (repair, binding, stop) => repair.AddUnknownAsync(binding, stop), cancellationToken);

    /// <summary>Opens ledger and vector store, and adds up what the work returns for each collection.</summary>
    private async Task<long> WithStoresAsync(
        DirectoryManifest manifest,
        IReadOnlyList<CollectionBinding> bindings,
        Func<LedgerRepair, CollectionBinding, CancellationToken, Task<long>> work,
        CancellationToken cancellationToken)
    {
        var sum = 0L;
        await using var ledger = new SqliteLedger(files.Ledger, Microsoft.Extensions.Options.Options.Create(SettingSections.Read<LedgerOptions>(settings)), manifest);
        await using var embedded = StoreServices.TryOpenEmbedded(settings, files, manifest, onlyReads: false);
        await using var services = StoreServices.Build(settings, files, embedded, writesCache: false, verbose: false);
        var repair = new LedgerRepair(ledger, services.GetRequiredService<IVectorStore>());
        foreach (var binding in bindings)
        {
            sum += await work(repair, binding, cancellationToken);
        }

        return sum;
    }

    private void DeleteCache()
    {
        foreach (var ending in (string[])["", "-wal", "-shm"])
        {
            File.Delete(files.EmbeddingCache + ending);
        }
    }

    private Task ReportAsync(
        List<(DirectoryStore Store, StoreDamage? Damage)>? found, Func<Task<string>> repair, bool dryRun, (string Repair, string Lost) description) =>
        found is [var (store, damage)] ? ReportAsync(store, damage, repair, dryRun, description) : Task.CompletedTask;

    private async Task ReportAsync(DirectoryStore store, StoreDamage? damage, Func<Task<string>> repair, bool dryRun, (string Repair, string Lost) description) =>
        _report.Add(
            damage is null ? new(store.Name)
            : !damage.IsDamage ? new(store.Name, damage.Sentence)
            : new(store.Name, damage.Sentence, description.Repair + (dryRun ? "" : await repair()), description.Lost));
}

internal static class FoundStoreExtensions
{
    /// <summary>Whether the store has damage that a repair removes.</summary>
    public static bool IsRepairable(this List<(DirectoryStore Store, StoreDamage? Damage)>? found) => found is [(_, { IsDamage: true })];
}
