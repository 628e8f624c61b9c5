using Quiver.Adapters.Storage.Postgres;
using Quiver.Tests.Services;

namespace Quiver.Tests.Integration.Storage.Postgres;

/// <summary>A test on the tables of Orleans' providers, in its own schema.</summary>
public abstract class OrleansTables(PostgresServices services) : IAsyncLifetime
{
    private ClusterDatabase? _database;

    private protected PostgresSchema Schema { get; private set; } = null!;

    private protected OrleansQueries Queries { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Schema = await services.NewSchemaAsync();
        _database = await Schema.OpenMigratedClusterAsync();
        Queries = await OrleansQueries.LoadAsync(_database);
    }

    public async ValueTask DisposeAsync()
    {
        await _database!.DisposeAsync();
        Schema.Dispose();
        GC.SuppressFinalize(this);
    }
}
