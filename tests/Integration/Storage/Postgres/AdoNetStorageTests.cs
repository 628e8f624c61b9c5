using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Configuration;
using Orleans.Runtime;
using Orleans.Serialization;
using Orleans.Serialization.Serializers;
using Orleans.Storage;
using Quiver.Adapters.Storage.Postgres;
using Quiver.Tests.Conformance.Storage;
using Quiver.Silo.Hosting;
using Quiver.Tests.Services;
using ClusterOptions = Orleans.Configuration.ClusterOptions;

namespace Quiver.Tests.Integration.Storage.Postgres;

/// <summary>Orleans' own grain storage on our tables.</summary>
public sealed class AdoNetStorageTests(PostgresServices services) : GrainStorageConformance
{
    private readonly ServiceProvider _provider = new ServiceCollection().AddSerializer().BuildServiceProvider();
    private PostgresSchema _schema = null!;
    private ClusterDatabase _database = null!;
    private IGrainStorage _storage = null!;

    protected override IGrainStorage Storage => _storage;

    public override async ValueTask InitializeAsync()
    {
        _schema = await services.NewSchemaAsync();
        _database = await _schema.OpenMigratedClusterAsync();
        var options = new AdoNetGrainStorageOptions
        {
            Invariant = "Npgsql",
            DataSource = _database.DataSource,
            DeleteStateOnClear = true,
            GrainStorageSerializer = new JsonText(),
        };
        var storage = new AdoNetGrainStorage(
            _provider.GetRequiredService<IActivatorProvider>(),
            NullLogger<AdoNetGrainStorage>.Instance,
            Options.Create(options),
            Options.Create(new ClusterOptions { ServiceId = "quiver", ClusterId = "quiver" }),
            "AdoNet");
        var lifecycle = new SiloLifecycleSubject(NullLogger<SiloLifecycleSubject>.Instance);
        storage.Participate(lifecycle);
        await lifecycle.OnStart(TestContext.Current.CancellationToken);
        _storage = new WholeKeyGrainStorage(storage, _database);
    }

    [Fact]
    public async Task Write_KeepsTheWholeGrainId_AsTheRepairReadsIt()
    {
        await _storage.WriteStateAsync("job", GrainId.Create("ingestionjob", "acme/j1"), new GrainState<string> { State = "s" });

        Assert.Equal(["ingestionjob/acme/j1"], await _schema.ListAsync("SELECT GrainIdExtensionString FROM OrleansStorage WHERE ServiceId = 'quiver'"));
    }

    [Fact]
    public async Task Write_OnAFullDisk_IsStorageFullAndLeavesTheStateAsItWas()
    {
        var grain = GrainId.Create("job", "acme/j1");
        var state = new GrainState<string> { State = "before" };
        await _storage.WriteStateAsync("job", grain, state);
        await _schema.ExecuteAsync(
            """
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'No space left on device' USING ERRCODE = '53100'; END $$;
            CREATE TRIGGER full_disk BEFORE INSERT OR UPDATE ON orleansstorage EXECUTE FUNCTION refuse()
            """);
        state.State = "after";

        var error = await Assert.ThrowsAsync<PermanentException>(() => _storage.WriteStateAsync("job", grain, state));
        await _schema.ExecuteAsync("DROP TRIGGER full_disk ON orleansstorage");
        var stored = new GrainState<string>();
        await _storage.ReadStateAsync("job", grain, stored);
        await _storage.WriteStateAsync("job", grain, state);

        Assert.Equal((ErrorCodes.StorageFull, true), (error.Code, _database.IsFull));
        Assert.Equal("before", stored.State);
    }

    public override async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        _schema.Dispose();
        await _provider.DisposeAsync();
    }

    private sealed class JsonText : IGrainStorageSerializer
    {
        public BinaryData Serialize<T>(T? input) => BinaryData.FromObjectAsJson(input);

        public T? Deserialize<T>(BinaryData input) => input.ToObjectFromJson<T>();
    }
}
