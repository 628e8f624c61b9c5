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
using Quiver.Silo.Hosting;
using Quiver.Tests.Services;
using ClusterOptions = Orleans.Configuration.ClusterOptions;

namespace Quiver.Tests.Integration.Storage.Postgres;

/// <summary>Orleans' own storage on our tables.</summary>
public sealed class AdoNetStorageTests(PostgresServices services) : IAsyncLifetime
{
    private readonly ServiceProvider _provider = new ServiceCollection().AddSerializer().BuildServiceProvider();
    private PostgresSchema _schema = null!;
    private ClusterDatabase _database = null!;
    private IGrainStorage _storage = null!;

    public async ValueTask InitializeAsync()
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
        _storage = new WholeKeyGrainStorage(storage);
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        _schema.Dispose();
        await _provider.DisposeAsync();
    }

    [Fact]
    public async Task State_WrittenReadAndCleared_GoesThroughItsVersions()
    {
        var grain = GrainId.Create("job", "acme/one");
        var state = new GrainState<List<string>>(["first"]);

        await _storage.WriteStateAsync("job", grain, state);
        Assert.Equal(("1", true), (state.ETag, state.RecordExists));
        state.State = ["second", "é\0🙂"];
        await _storage.WriteStateAsync("job", grain, state);
        var read = new GrainState<List<string>>();
        await _storage.ReadStateAsync("job", grain, read);

        Assert.Equal(["second", "é\0🙂"], read.State);
        Assert.Equal(("2", true), (read.ETag, read.RecordExists));
        await _storage.ClearStateAsync("job", grain, read);
        Assert.Equal((null, false), (read.ETag, read.RecordExists));
        await _storage.ClearStateAsync("job", grain, read);
        await Assert.ThrowsAsync<InconsistentStateException>(() => _storage.WriteStateAsync("job", grain, state));
        await _storage.WriteStateAsync("job", grain, new GrainState<List<string>>(["third"]));
    }

    [Fact]
    public async Task State_OfAnotherVersion_IsInconsistent()
    {
        var grain = GrainId.Create("job", "acme/one");
        var state = new GrainState<List<string>>(["first"]);
        await _storage.WriteStateAsync("job", grain, state);
        var stale = new GrainState<List<string>>(["stale"], state.ETag);
        await _storage.WriteStateAsync("job", grain, state);

        await Assert.ThrowsAsync<InconsistentStateException>(() => _storage.WriteStateAsync("job", grain, stale));
        await Assert.ThrowsAsync<InconsistentStateException>(() => _storage.ClearStateAsync("job", grain, stale));
        await Assert.ThrowsAsync<InconsistentStateException>(() => _storage.WriteStateAsync("job", grain, new GrainState<List<string>>(["new"])));
    }

    [Fact]
    public async Task States_OfKeysThatLookLikeNumbers_StayApart()
    {
        string[] keys = ["cafe", "CAFE", "0cafe", "51966", "00000000000000000000000000000001", "1", "01"];
        foreach (var key in keys)
        {
            await _storage.WriteStateAsync("tenant", GrainId.Create("tenant", key), new GrainState<List<string>>([key]));
        }

        await _storage.WriteStateAsync("tenant", GrainId.Create("other", "cafe"), new GrainState<List<string>>(["another type"]));

        foreach (var key in keys)
        {
            var read = new GrainState<List<string>>();
            await _storage.ReadStateAsync("tenant", GrainId.Create("tenant", key), read);
            Assert.Equal([key], read.State);
        }
    }

    private sealed class JsonText : IGrainStorageSerializer
    {
        public BinaryData Serialize<T>(T? input) => BinaryData.FromObjectAsJson(input);

        public T? Deserialize<T>(BinaryData input) => input.ToObjectFromJson<T>();
    }
}
