using Orleans.Runtime;
using Orleans.Storage;
using Quiver.Tests.Conformance.Runtime.Grains;

namespace Quiver.Tests.Conformance.Runtime;

/// <summary>Grain state: loading, etags, failed writes.</summary>
public abstract class PersistenceConformance<TFixture> : RuntimeConformance<TFixture>
    where TFixture : RuntimeFixture, new()
{
    private IStateGrain Grain => Client.GetGrain<IStateGrain>("s");

    [Fact]
    public async Task State_NeverWritten_IsNewAndLoadedBeforeActivation()
    {
        Assert.Equal("0 None [ctor] new no etag", await Soon(Grain.DescribeAsync()));
        Assert.Equal(["activated with 0"], Journal.Entries);
    }

    [Fact]
    public async Task State_Written_IsThereInTheNextActivation()
    {
        await Soon(Grain.SetAndWriteAsync(5));
        await Soon(Grain.DeactivateAsync());

        Assert.Equal("5 Red [ctor] stored etag", await Soon(Grain.DescribeAsync()));
        Assert.Contains("activated with 5", Journal.Entries);
    }

    [Fact]
    public async Task State_Written_IsThereAfterARestart()
    {
        await Soon(Grain.SetAndWriteAsync(6));

        await Host.StopAsync();
        await Host.StartAsync();

        Assert.Equal("6 Red [ctor] stored etag", await Soon(Grain.DescribeAsync()));
    }

    [Fact]
    public async Task Read_DiscardsUnsavedChanges()
    {
        await Soon(Grain.SetAndWriteAsync(5));
        await Soon(Grain.SetAsync(9));

        await Soon(Grain.ReadAsync());

        Assert.Equal("5 Red [ctor] stored etag", await Soon(Grain.DescribeAsync()));
    }

    [Fact]
    public async Task Clear_ResetsAndALaterWriteCreatesAgain()
    {
        await Soon(Grain.SetAndWriteAsync(5));

        await Soon(Grain.ClearAsync());

        Assert.Equal("0 None [ctor] new no etag", await Soon(Grain.DescribeAsync()));
        await Soon(Grain.SetAndWriteAsync(6));
        await Soon(Grain.DeactivateAsync());
        Assert.Equal("6 Red [ctor] stored etag", await Soon(Grain.DescribeAsync()));
    }

    [Fact]
    public async Task Writes_AtTheSameTime_DoNotConflict()
    {
        await Soon(Grain.WriteTwiceAtOnceAsync(5));
        await Soon(Grain.WriteTwiceAtOnceAsync(6));

        Assert.Equal("6 Red [ctor] stored etag", await Soon(Grain.DescribeAsync()));
    }

    [Fact]
    public async Task Write_FailingInTheStore_IsWrappedAndKeepsActivationAndValue()
    {
        await Soon(Grain.SetAndWriteAsync(5));
        var activation = await Soon(Grain.GetActivationAsync());
        Host.Faults.FailNextWrite(new IOException("disk"));

        var error = await Assert.ThrowsAsync<OrleansException>(() => Soon(Grain.SetAndWriteAsync(6)));

        Assert.IsType<IOException>(error.InnerException);
        Assert.Equal(activation, await Soon(Grain.GetActivationAsync()));
        Assert.Equal("6 Red [ctor] stored etag", await Soon(Grain.DescribeAsync()));
        await Soon(Grain.ReadAsync());
        Assert.Equal("5 Red [ctor] stored etag", await Soon(Grain.DescribeAsync()));
        await Soon(Grain.SetAndWriteAsync(7));
    }

    [Fact]
    public async Task Read_FailingAtActivation_IsToldAndTheNextCallTriesAgain()
    {
        Host.Faults.FailNextRead(new IOException("disk"));

        var error = await Assert.ThrowsAsync<OrleansException>(() => Soon(Grain.DescribeAsync()));

        Assert.IsType<IOException>(error.InnerException);
        Assert.Equal("0 None [ctor] new no etag", await Soon(Grain.DescribeAsync()));
    }

    [Fact]
    public async Task Conflict_Uncaught_EndsTheActivation()
    {
        await Soon(Grain.SetAndWriteAsync(5));
        var activation = await Soon(Grain.GetActivationAsync());
        Host.Faults.FailNextWrite(new InconsistentStateException("conflict"));

        await Assert.ThrowsAsync<InconsistentStateException>(() => Soon(Grain.SetAndWriteAsync(6)));

        Assert.NotEqual(activation, await Soon(Grain.GetActivationAsync()));
        Assert.Equal("5 Red [ctor] stored etag", await Soon(Grain.DescribeAsync()));
    }

    [Fact]
    public async Task Conflict_Caught_KeepsTheActivation()
    {
        var activation = await Soon(Grain.GetActivationAsync());
        Host.Faults.FailNextWrite(new InconsistentStateException("conflict"));

        Assert.False(await Soon(Grain.TryWriteAsync(6)));

        Assert.Equal(activation, await Soon(Grain.GetActivationAsync()));
    }

    [Fact]
    public async Task Conflict_OfAnotherGrain_EndsThatOneOnly()
    {
        var activation = await Soon(Grain.GetActivationAsync());
        Host.Faults.FailNextWrite(new InconsistentStateException("conflict"));

        await Assert.ThrowsAsync<InconsistentStateException>(() => Soon(Grain.WriteElsewhereAsync("other", 6)));

        Assert.Equal(activation, await Soon(Grain.GetActivationAsync()));
    }
}
