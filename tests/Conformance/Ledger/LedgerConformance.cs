
using Quiver.Core.Ledger;

namespace Quiver.Tests.Conformance.Ledger;

/// <summary>What every ledger does. An adapter's test class derives from it and opens and closes the implementation.</summary>
public abstract partial class LedgerConformance : IAsyncLifetime
{
    protected const int MaxEvents = 50;
    protected const int MaxFailures = 20;

    protected static readonly TenantId Acme = TenantId.Parse("acme");
    protected static readonly TenantId Other = TenantId.Parse("other");
    protected static readonly DateTimeOffset Noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);
    protected static readonly CollectionKey Docs = new(Acme, CollectionName.Parse("docs"));
    protected static readonly CollectionKey OtherDocs = new(Other, CollectionName.Parse("docs"));

    protected ILedger Ledger { get; private set; } = null!;

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => Ledger = await OpenAsync(MaxEvents, MaxFailures);

    public async ValueTask DisposeAsync()
    {
        await CloseAsync(Ledger);
        await DropAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Opens the test's ledger: empty at first, with its content when opened again.</summary>
    protected abstract Task<ILedger> OpenAsync(int maxEvents, int maxFailures);

    protected abstract Task CloseAsync(ILedger ledger);

    protected abstract Task DropAsync();

    protected async Task ReopenAsync()
    {
        await CloseAsync(Ledger);
        Ledger = await OpenAsync(MaxEvents, MaxFailures);
    }

    protected static JobKey Key(string job, TenantId? tenant = null) => new(tenant ?? Acme, JobId.Parse(job));

    protected static JobStatus Job(string id, TenantId? tenant = null, JobState state = JobState.Queued, string collection = "docs", int minute = 0) => new()
    {
        Id = JobId.Parse(id),
        Spec = new() { Tenant = tenant ?? Acme, Collection = CollectionName.Parse(collection), Source = new() { Paths = ["/data"] } },
        State = state,
        CreatedAt = Noon.AddMinutes(minute),
    };

    protected static DocumentRecord Document(string id, long generation = 1, long epoch = 1, int chunks = 3, byte? hash = 7, string origin = "/data") => new()
    {
        Id = id,
        Origin = origin,
        ContentHash = hash is { } filler ? [.. Enumerable.Repeat(filler, 32)] : null,
        ChunkCount = chunks,
        Generation = generation,
        Epoch = epoch,
        IndexedAt = Noon,
    };

    protected async Task<DocumentRecord?> FindAsync(string id, CollectionKey? scope = null) =>
        (await Ledger.FindAsync(scope ?? Docs, [id], Cancel)).GetValueOrDefault(id);
}
