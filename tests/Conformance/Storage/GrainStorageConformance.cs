using Orleans;
using Orleans.Runtime;
using Orleans.Storage;

namespace Quiver.Tests.Conformance.Storage;

/// <summary>What every grain storage does.</summary>
public abstract class GrainStorageConformance : IAsyncLifetime
{
    /// <summary>The storage under test, with no state at first.</summary>
    protected abstract IGrainStorage Storage { get; }

    public abstract ValueTask InitializeAsync();

    public abstract ValueTask DisposeAsync();

    [Fact]
    public async Task State_WrittenReadAndCleared_GoesThroughItsVersions()
    {
        var grain = GrainId.Create("job", "acme/one");
        var state = new GrainState<List<string>>(["first"]);

        await Storage.WriteStateAsync("job", grain, state);
        Assert.Equal(("1", true), (state.ETag, state.RecordExists));
        state.State = ["second", "é\0🙂"];
        await Storage.WriteStateAsync("job", grain, state);
        var read = await ReadAsync("job", grain);

        Assert.Equal(["second", "é\0🙂"], read.State);
        Assert.Equal(("2", true), (read.ETag, read.RecordExists));
        await Storage.ClearStateAsync("job", grain, read);
        Assert.Equal((null, false), (read.ETag, read.RecordExists));
        Assert.Empty(read.State!);
        await Storage.ClearStateAsync("job", grain, read);
        await Assert.ThrowsAsync<InconsistentStateException>(() => Storage.WriteStateAsync("job", grain, state));
        await Storage.WriteStateAsync("job", grain, new GrainState<List<string>>(["third"]));
    }

    [Fact]
    public async Task State_OfAnotherVersion_IsInconsistent()
    {
        var grain = GrainId.Create("job", "acme/one");
        var state = new GrainState<List<string>>(["first"]);
        await Storage.WriteStateAsync("job", grain, state);
        var stale = new GrainState<List<string>>(["stale"], state.ETag);
        await Storage.WriteStateAsync("job", grain, state);

        await Assert.ThrowsAsync<InconsistentStateException>(() => Storage.WriteStateAsync("job", grain, stale));
        await Assert.ThrowsAsync<InconsistentStateException>(() => Storage.ClearStateAsync("job", grain, stale));
        await Assert.ThrowsAsync<InconsistentStateException>(() => Storage.WriteStateAsync("job", grain, new GrainState<List<string>>(["new"])));
    }

    [Fact]
    public async Task States_OfKeysThatLookLikeNumbers_StayApart()
    {
        string[] keys = ["cafe", "CAFE", "0cafe", "51966", "00000000000000000000000000000001", "1", "01"];
        foreach (var key in keys)
        {
            await Storage.WriteStateAsync("tenant", GrainId.Create("tenant", key), new GrainState<List<string>>([key]));
        }

        await Storage.WriteStateAsync("tenant", GrainId.Create("other", "cafe"), new GrainState<List<string>>(["another type"]));

        foreach (var key in keys)
        {
            Assert.Equal([key], (await ReadAsync("tenant", GrainId.Create("tenant", key))).State);
        }
    }

    protected async Task<GrainState<List<string>>> ReadAsync(string name, GrainId grain)
    {
        var state = new GrainState<List<string>>();
        await Storage.ReadStateAsync(name, grain, state);
        return state;
    }
}
