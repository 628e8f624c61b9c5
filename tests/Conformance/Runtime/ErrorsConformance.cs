using Orleans;
using Quiver.Tests.Conformance.Runtime.Grains;

namespace Quiver.Tests.Conformance.Runtime;

/// <summary>Exceptions across calls.</summary>
public abstract class ErrorsConformance<TFixture> : RuntimeConformance<TFixture>
    where TFixture : RuntimeFixture, new()
{
    private IFaultGrain Grain => Client.GetGrain<IFaultGrain>(-5);

    [Fact]
    public async Task Exception_OfOwnType_KeepsTypeAndMembers()
    {
        var error = await Assert.ThrowsAsync<TestStateException>(() => Soon(Grain.ThrowAsync("own")));

        Assert.Equal(("own", 7), (error.Message, error.Number));
    }

    [Fact]
    public async Task Exception_ThroughAnotherGrain_KeepsType() =>
        await Assert.ThrowsAsync<TestStateException>(() => Soon(Grain.RelayAsync(6, "own")));

    [Fact]
    public async Task Exception_ThrownSynchronously_FaultsTheTask()
    {
        var call = Grain.ThrowAsync("synchronous");

        await Assert.ThrowsAsync<KeyNotFoundException>(() => Soon(call));
    }

    [Fact]
    public async Task Exceptions_Several_ArriveAsTheFirst() =>
        Assert.Equal("first", (await Assert.ThrowsAsync<TestStateException>(() => Soon(Grain.ThrowAsync("several")))).Message);

    [Fact]
    public async Task Exception_OfCancellation_CancelsOrFaultsWithItsType() =>
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Soon(Grain.ThrowAsync("cancelled")));

    [Fact]
    public async Task Grain_AfterException_Serves()
    {
        await Assert.ThrowsAsync<TestStateException>(() => Soon(Grain.ThrowAsync("own")));

        Assert.Equal(1, await Soon(Grain.ThrowAsync("nothing")));
        Assert.Equal(-5, Grain.GetPrimaryKeyLong());
    }
}
