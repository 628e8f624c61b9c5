using Microsoft.Extensions.Options;
using Quiver.Adapters.Storage.Ledger;
using Quiver.Adapters.Storage.Postgres;
using Quiver.Core.Ledger;
using Quiver.Tests.Services;

namespace Quiver.Tests.Integration.Storage.Postgres;

/// <summary>Several silos write to one ledger concurrently, each with its own connections.</summary>
public sealed class ManyWritersTests(PostgresServices services) : IAsyncLifetime
{
    private const int Silos = 4;
    private const int MaxEvents = 40;
    private const int MaxFailures = 30;

    private static readonly CollectionKey Docs = new(TenantId.Parse("acme"), CollectionName.Parse("docs"));
    private static readonly JobKey Job = new(Docs.Tenant, JobId.Parse("one"));
    private static readonly DateTimeOffset Noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    private readonly List<ClusterDatabase> _databases = [];
    private PostgresSchema _schema = null!;
    private PostgresLedger[] _silos = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _schema = await services.NewSchemaAsync();
        _databases.Add(await _schema.OpenMigratedClusterAsync(options => options.MaxPoolSize = 3));
        while (_databases.Count < Silos)
        {
            _databases.Add(_schema.OpenCluster(options => options.MaxPoolSize = 3));
        }

        var options = Options.Create(new LedgerOptions { MaxEventsPerJob = MaxEvents, MaxFailuresPerJob = MaxFailures });
        _silos = [.. _databases.Select(database => new PostgresLedger(database, options))];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var database in _databases)
        {
            await database.DisposeAsync();
        }

        _schema.Dispose();
    }

    [Fact]
    public async Task Begin_OfOneDocumentUnderManyEpochs_EndsWithTheHighest()
    {
        var epochs = Enumerable.Range(1, 40).ToArray();
        Random.Shared.Shuffle(epochs);

        var taken = await Task.WhenAll(epochs.Select(epoch => Silo(epoch).BeginAsync(Docs, [Document("a", epoch)], Cancel)));
        await Task.WhenAll(epochs.Select(epoch => Silo(epoch).CommitAsync(Docs, [Document("a", epoch)], Cancel)));

        var kept = (await _silos[0].FindAsync(Docs, ["a"], Cancel))["a"];
        Assert.Equal((40L, (byte)40), (kept.Epoch, kept.ContentHash![0]));
        Assert.Empty(taken[Array.IndexOf(epochs, 40)]);
    }

    [Fact]
    public async Task Batches_WithTheSameDocumentsInAnyOrder_DoNotWaitForEachOtherInACircle()
    {
        var ids = Enumerable.Range(0, 200).Select(i => $"d{i}").ToArray();
        string[] Shuffled(int seed)
        {
            var order = ids.ToArray();
            new Random(seed).Shuffle(order);
            return order;
        }

        await Task.WhenAll(Enumerable.Range(0, 48).Select(i =>
        {
            var order = Shuffled(i);
            return (i % 6) switch
            {
                0 => Silo(i).BeginAsync(Docs, [.. order.Select(id => Document(id, i))], Cancel),
                1 => Silo(i).CommitAsync(Docs, [.. order.Select(id => Document(id, i))], Cancel),
                2 => Silo(i).TouchAsync(Docs, order, i, Cancel),
                3 => Silo(i).InvalidateAsync(Docs, order, Cancel),
                4 => Silo(i).DeleteAsync(Docs, order[..50], Cancel),
                _ => Silo(i).ClaimStaleAsync(Docs, "/data", i, 100, Cancel),
            };
        }));

        await Silo(0).DeleteAllAsync(Docs, Cancel);
        Assert.Equal(default, await Silo(1).CountAsync(Docs, Cancel));
    }

    [Fact]
    public async Task Scopes_MadeByManyAtOnce_AreOneEach()
    {
        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Silo(i).CommitAsync(Docs, [Document($"d{i}", 1) with { Origin = $"/data/{i % 3}" }], Cancel)));

        Assert.Equal(40, (await Silo(0).CountAsync(Docs, Cancel)).Documents);
        Assert.Equal(["1 3"], await _schema.ListAsync("SELECT (SELECT count(*) FROM ledger_scopes WHERE scope > 0) || ' ' || (SELECT count(*) FROM ledger_origins WHERE origin > 0)"));
    }

    [Fact]
    public async Task Events_AppendedByMany_KeepTheNewestUpToTheCap()
    {
        await Task.WhenAll(Enumerable.Range(0, 30).Select(i => Silo(i).AppendEventsAsync(Job, [.. Enumerable.Range((i * 10) + 1, 10).Select(Event)], Cancel)));
        await Silo(0).AppendEventsAsync(Job, [Event(300)], Cancel);

        var kept = await Silo(1).ReadEventsAsync(Job, 0, 1000, Cancel);
        Assert.Equal(Enumerable.Range(301 - MaxEvents, MaxEvents).Select(i => (long)i), kept.Select(item => item.Sequence));
    }

    [Fact]
    public async Task Failures_SavedAndForgottenByMany_NeverPassTheCapAndAreCountedRight()
    {
        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => i % 4 == 3
            ? Silo(i).DeleteFailuresAsync(Job, i, Cancel)
            : Silo(i).SaveFailuresAsync(Job, [.. Enumerable.Range(i, 10).Select(Failure)], Cancel)));

        var kept = (await Silo(0).ListFailuresAsync(Job, null, 1000, Cancel)).Items;
        Assert.InRange(kept.Length, 0, MaxFailures);
        Assert.Equal([$"{kept.Length}"], await _schema.ListAsync("SELECT count::text FROM ledger_failure_counts WHERE key <> ''"));

        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Silo(i).SaveFailuresAsync(Job, [.. Enumerable.Range(i * 10, 10).Select(Failure)], Cancel)));
        Assert.Equal(MaxFailures, (await Silo(0).ListFailuresAsync(Job, null, 1000, Cancel)).Items.Length);
    }

    private static DocumentRecord Document(string id, int epoch) => new()
    {
        Id = id,
        Origin = "/data",
        ContentHash = [.. Enumerable.Repeat((byte)epoch, 32)],
        ChunkCount = epoch,
        Generation = 1,
        Epoch = epoch,
        IndexedAt = Noon,
    };

    private static JobEvent Event(int sequence) => new() { Sequence = sequence, Kind = JobEventKind.BatchCommitted, At = Noon, State = JobState.Running, Counters = new() };

    private static FailedDocument Failure(int ordinal) => new() { Ordinal = ordinal, DocumentId = $"d{ordinal}", Code = ErrorCodes.MissingText, Reason = "Because.", At = Noon };

    private PostgresLedger Silo(int i) => _silos[i % Silos];
}
