using Orleans;
using Orleans.Runtime;
using Orleans.Storage;
using Quiver.Adapters.Storage.Sqlite;
using Quiver.Grains;

namespace Quiver.Tests.Unit.Adapters.Storage.Sqlite;

/// <summary>Grain state in a SQLite file.</summary>
public sealed class SqliteGrainStorageTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private SqliteDatabase _database = null!;
    private SqliteGrainStorage _storage = null!;

    public ValueTask InitializeAsync()
    {
        Open();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        _folder.Dispose();
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
        Assert.Equal((null, false, 0), (read.ETag, read.RecordExists, read.State!.Count));
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
        string[] keys = ["cafe", "CAFE", "0cafe", "51966", "1", "01"];
        foreach (var key in keys)
        {
            await _storage.WriteStateAsync("tenant", GrainId.Create("tenant", key), new GrainState<List<string>>([key]));
        }

        foreach (var key in keys)
        {
            var read = new GrainState<List<string>>();
            await _storage.ReadStateAsync("tenant", GrainId.Create("tenant", key), read);
            Assert.Equal([key], read.State);
        }
    }

    [Fact]
    public async Task State_WrittenBeforeTheFileIsOpenedAgain_IsThere()
    {
        var grain = GrainId.Create("job", "acme/one");
        await _storage.WriteStateAsync("job", grain, new GrainState<List<string>>(["kept"]));
        await _database.DisposeAsync();

        Open();
        var read = new GrainState<List<string>>();
        await _storage.ReadStateAsync("job", grain, read);

        Assert.Equal(["kept"], read.State);
    }

    private void Open()
    {
        _database = SqliteDatabase.Open(_folder.File("grains.db"), SqliteGrainSchema.Migrations);
        _storage = new SqliteGrainStorage(_database, new GrainStateSerializer());
    }
}
