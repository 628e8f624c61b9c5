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
