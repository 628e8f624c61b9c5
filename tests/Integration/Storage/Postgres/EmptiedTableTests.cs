using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Quiver.Adapters.Storage.Ledger;
using Quiver.Adapters.Storage.Postgres;
using Quiver.Adapters.Vectors.Qdrant;
using Quiver.Cli.Doctor;
using Quiver.Core.Jobs;
using Quiver.Core.Ledger;
using Quiver.Core.Vectors;
using Quiver.Grains;
using Quiver.Grains.Collections;
using Quiver.Grains.Jobs;
using Quiver.Silo.DataDirectory;
using Quiver.Silo.Doctor;
using Quiver.Silo.Hosting;
using Quiver.Silo.Repair;
using Quiver.Tests.Services;
using Quiver.Tests.Support;
using Quiver.Tests.Support.Qdrant;

namespace Quiver.Tests.Integration.Storage.Postgres;

/// <summary>Each table of the cluster's schema, emptied: who notices it, and what the repair brings back.</summary>
public sealed class EmptiedTableTests(PostgresServices services) : IDisposable
{
    private const string Physical = "quiver_docs_4d";

    private static readonly CollectionKey Docs = new(TenantId.Parse("acme"), CollectionName.Parse("docs"));
    private static readonly JobRecord Job = JobSamples.Record(JobState.Completed);
    private static readonly JobKey Key = new(Docs.Tenant, Job.Id);

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> Tables => [.. TableMarks.Tables];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Marks_AreInEveryTable()
    {
        using var schema = await services.NewSchemaAsync();
        await using var database = await schema.OpenMigratedClusterAsync();

        Assert.Empty(await TableMarks.FindEmptiedAsync(database, Token));
        Assert.Equal(
            await schema.ListAsync($"SELECT tablename FROM pg_tables WHERE schemaname = '{schema.Name}' ORDER BY tablename"), TableMarks.Tables.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Tables))]
    public async Task Emptied_IsNamedByAll_AndRepaired(string table)
    {
        using var schema = await services.NewSchemaAsync();
        await using var database = await schema.OpenMigratedClusterAsync();
        await using var qdrant = await QdrantStandIn.StartAsync();
        var ledger = new PostgresLedger(database, Options.Create(new LedgerOptions()));
        await FillAsync(schema, ledger, qdrant);
        await schema.ExecuteAsync($"TRUNCATE {table} CASCADE");

        var ready = await new ClusterDatabaseReadinessCheck(database).CheckHealthAsync(new(), Token);
        var doctor = await new ClusterDatabaseCheck(() => Settings(schema, qdrant)).RunAsync(Token);
        var start = await Assert.ThrowsAsync<PermanentException>(
            () => new SchemaMigrationService(database.Migrator(), database, TimeProvider.System, NullLogger<SchemaMigrationService>.Instance).StartAsync(Token));
        var job = await Assert.ThrowsAsync<PermanentException>(() => ledger.FindNewestGenerationAsync(Docs, Token));
        var read = await Assert.ThrowsAsync<PermanentException>(() => ledger.FindJobAsync(new(Docs.Tenant, JobId.Parse("other")), Token));
        var dry = await RepairAsync(schema, qdrant, dryRun: true);

        Assert.Contains(table, ready.Description, StringComparison.Ordinal);
        Assert.Equal(DoctorStatus.Fail, doctor.Status);
        Assert.Contains(table, doctor.Message, StringComparison.Ordinal);
        Assert.All([start, job, read], error => Assert.Equal(ErrorCodes.StorageDamaged, error.Code));
        Assert.All([start, job, read], error => Assert.Contains(table, error.Message, StringComparison.Ordinal));
        Assert.Contains(dry, found => found.Name == $"table {table}" && found.Damage is not null);

        var repaired = await RepairAsync(schema, qdrant, dryRun: false);

        Assert.Contains(repaired, found => found.Name == $"table {table}" && found.Repair is not null);
        Assert.DoesNotContain(await RepairAsync(schema, qdrant, dryRun: true), static found => found.Damage is not null);
        Assert.Null((await new ClusterDatabaseReadinessCheck(database).CheckHealthAsync(new(), Token)).Description);
        Assert.Equal(0, await database.Migrator().MigrateAsync(Token));
        await AssertFilledAsync(table, schema, ledger);
    }

    /// <summary>What is there after the repair: everything that another table or the points know.</summary>
    private static async Task AssertFilledAsync(string table, PostgresSchema schema, PostgresLedger ledger)
    {
        var job = await ledger.FindJobAsync(Key, Token);
        Assert.Equal(Job.Id, job!.Id);
        Assert.Equal(Docs.Collection, Assert.Single((await ledger.ListCollectionsAsync(Docs.Tenant, null, 10, Token)).Items).Name);
        Assert.Equal(table == "ledger_failures" ? 0 : 1, (await ledger.ListFailuresAsync(Key, null, 10, Token)).Items.Length);
        Assert.Equal(table == "ledger_events", (await ledger.ReadEventsAsync(Key, 0, 10, Token)).Count == 0);
        Assert.Equal(["1"], await schema.ListAsync("SELECT count::text FROM ledger_failure_counts WHERE key <> ''"));
        var document = Assert.Single(await ledger.ListAsync(Docs, null, 10, Token));
        Assert.Equal(("a", 2, 3L), (document.Id, document.ChunkCount, document.Generation));

        // Without its hash the next job stores it again, and finds it known.
        Assert.Equal(table is "ledger_documents" or "ledger_scopes", document.ContentHash is null);
        Assert.Equal(table is "ledger_documents" or "ledger_scopes" or "ledger_origins" ? DocumentRecord.UnknownOrigin : "file:///data", document.Origin);
    }

    private static async Task FillAsync(PostgresSchema schema, PostgresLedger ledger, QdrantStandIn qdrant)
    {
        await ledger.SaveJobAsync(Job.ToStatus(), Token);
        await ledger.AppendEventsAsync(Key, [JobSamples.Record().Outbox[0]], Token);
        await ledger.SaveFailuresAsync(Key, [new() { Ordinal = 1, DocumentId = "b", Code = "empty", Reason = "It is empty.", At = JobSamples.Start }], Token);
        var document = new DocumentRecord
        {
            Id = "a",
            Origin = "file:///data",
            ContentHash = new byte[32],
            ChunkCount = 2,
            Generation = 3,
            Epoch = 1,
            IndexedAt = JobSamples.Start,
        };
        await ledger.CommitAsync(Docs, [document], Token);
        var collection = new CollectionState
        {
            Binding = new() { Key = Docs, PhysicalCollection = Physical, Model = "hash@1", Dimensions = 4 },
            Generation = 3,
            CreatedAt = JobSamples.Start,
        };
        await ledger.SaveCollectionAsync(Docs.Tenant, collection.Describe(), Token);
        await WriteStateAsync(schema, $"ingestionjob/{Key}", new IngestionJobState { Job = Job with { Outbox = [] } });
        await WriteStateAsync(schema, $"collection/{Docs}", collection);
        using var store = new QdrantStore(
            Options.Create(new QdrantOptions { Address = qdrant.Address }), TimeProvider.System, new Random(1), NullLogger<QdrantStore>.Instance);
        await store.EnsureCollectionAsync(Physical, new() { Dimensions = 4, Model = "hash" }, Token);
        await store.UpsertAsync(new(Physical, Docs), [Point(0), Point(1)], Token);
    }

    private static VectorPoint Point(int chunk) => new(
        PointId.Create(Docs, "a", chunk),
        new float[] { 1, chunk, 0, 0 },
        new PointPayload
        {
            Scope = Docs,
            DocumentId = "a",
            Chunk = chunk,
            Text = "text",
            Generation = 3,
            Epoch = 1,
            IndexedAt = JobSamples.Start,
            StartChar = 0,
            EndChar = 4,
            StartLine = 1,
            EndLine = 1,
            Metadata = ImmutableDictionary<string, string>.Empty,
        });

    /// <summary>As Orleans' storage writes it, see AdoNetStorageTests.</summary>
    private static Task WriteStateAsync<T>(PostgresSchema schema, string grain, T state) => schema.ExecuteAsync(
        $"""
        INSERT INTO OrleansStorage (ServiceId, GrainIdHash, GrainTypeHash, GrainIdN0, GrainIdN1, GrainTypeString, GrainIdExtensionString, Version, PayloadBinary)
        VALUES ('quiver', 1, 1, 0, 0, 'any', '{grain}', 1, convert_to('{JsonSerializer.Serialize(state, GrainStateJson.Options)}', 'UTF8'))
        """);

    private Task<ImmutableArray<Quiver.Cli.Sessions.RepairedStore>> RepairAsync(PostgresSchema schema, QdrantStandIn qdrant, bool dryRun) =>
        new ClusterRepair(new DataDirectoryFiles(_folder.Path), Settings(schema, qdrant), TimeProvider.System).RunAsync(dryRun, Token);

    private static IConfiguration Settings(PostgresSchema schema, QdrantStandIn qdrant) => new ConfigurationBuilder()
        .AddInMemoryCollection(new Dictionary<string, string?>
        {
            [$"{PostgresClusterOptions.Section}:ConnectionString"] = schema.Server.ConnectionString,
            [$"{PostgresClusterOptions.Section}:Schema"] = schema.Name,
            [$"{PostgresClusterOptions.Section}:MaxPoolSize"] = "8",
            ["Quiver:Vectors:Store"] = "Qdrant",
            ["Quiver:Qdrant:Address"] = qdrant.Address,
        })
        .Build();
}
