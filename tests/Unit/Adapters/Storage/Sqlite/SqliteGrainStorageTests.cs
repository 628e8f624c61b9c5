using Orleans;
using Orleans.Runtime;
using Orleans.Storage;
using Quiver.Adapters.Storage.Sqlite;
using Quiver.Grains;
using Quiver.Tests.Conformance.Storage;

namespace Quiver.Tests.Unit.Adapters.Storage.Sqlite;

/// <summary>Grain state in a SQLite file.</summary>
public sealed class SqliteGrainStorageTests : GrainStorageConformance
{
    private readonly TemporaryFolder _folder = new();
    private SqliteDatabase _database = null!;
    private SqliteGrainStorage _storage = null!;

    protected override IGrainStorage Storage => _storage;

    public override ValueTask InitializeAsync()
    {
        Open();
        return ValueTask.CompletedTask;
    }

    public override async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task State_WrittenBeforeTheFileIsOpenedAgain_IsThere()
    {
        var grain = GrainId.Create("job", "acme/one");
        await _storage.WriteStateAsync("job", grain, new GrainState<List<string>>(["kept"]));
        await _database.DisposeAsync();

        Open();

        Assert.Equal(["kept"], (await ReadAsync("job", grain)).State);
    }

    private void Open()
    {
        _database = SqliteDatabase.Open(_folder.File("grains.db"), SqliteGrainSchema.Migrations);
        _storage = new SqliteGrainStorage(_database, new GrainStateSerializer());
    }
}
