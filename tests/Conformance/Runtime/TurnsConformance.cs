using System.Diagnostics;
using Orleans;
using Quiver.Tests.Conformance.Runtime.Grains;

namespace Quiver.Tests.Conformance.Runtime;

/// <summary>Turns and interleaving.</summary>
public abstract class TurnsConformance<TFixture> : RuntimeConformance<TFixture>
    where TFixture : RuntimeFixture, new()
{
    private ITurnGrain Grain => Client.GetGrain<ITurnGrain>("a");

    [Fact]
    public async Task Calls_Concurrent_RunOneAfterTheOther()
    {
        var first = Grain.RunAsync("1");
        await Journal.WaitForAsync("1<");
        var second = Grain.RunAsync("2");
        Journal.Open("2");
        Journal.Open("1");

        await Soon(Task.WhenAll(first, second));

        Assert.Equal(["1<", "1>", "2<", "2>"], Journal.Entries);
    }

    [Fact]
    public async Task Calls_ManyAtOnce_NeverTwoInside()
    {
        var violations = await Soon(Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Grain.CountTurnsAsync(5))));

        Assert.All(violations, count => Assert.Equal(0, count));
    }

    [Fact]
    public async Task ReadOnly_Concurrent_RunTogether()
    {
        var first = Grain.ReadAsync("1");
        var second = Grain.ReadAsync("2");

        await Journal.WaitForAsync("1<");
        await Journal.WaitForAsync("2<");

        Journal.Open("1");
        Journal.Open("2");
        await Soon(Task.WhenAll(first, second));
    }

    [Fact]
    public async Task ReadOnly_DuringWriter_Waits()
    {
        var writer = Grain.RunAsync("w");
        await Journal.WaitForAsync("w<");
        var reader = Grain.ReadAsync("r");
        Journal.Open("r");
        Journal.Open("w");

        await Soon(Task.WhenAll(writer, reader));

        Assert.Equal(["w<", "w>", "r<", "r>"], Journal.Entries);
    }

    [Fact]
    public async Task Writer_DuringReader_Waits()
    {
        var reader = Grain.ReadAsync("r");
        await Journal.WaitForAsync("r<");
        var writer = Grain.RunAsync("w");
        Journal.Open("w");
        Journal.Open("r");

        await Soon(Task.WhenAll(writer, reader));

        Assert.Equal(["r<", "r>", "w<", "w>"], Journal.Entries);
    }

    [Fact]
    public async Task AlwaysInterleave_DuringWriter_Starts()
    {
        var writer = Grain.RunAsync("w");
        await Journal.WaitForAsync("w<");
        Journal.Open("i");

        await Soon(Grain.InterleaveAsync("i"));

        Assert.Equal(["w<", "i<", "i>"], Journal.Entries);
        Journal.Open("w");
        await Soon(writer);
    }

    [Fact]
    public async Task Writer_DuringAlwaysInterleave_Starts()
    {
        var interleaved = Grain.InterleaveAsync("i");
        await Journal.WaitForAsync("i<");
        Journal.Open("w");

        await Soon(Grain.RunAsync("w"));

        Assert.Equal(["i<", "w<", "w>"], Journal.Entries);
        Journal.Open("i");
        await Soon(interleaved);
    }

    [Fact]
    public async Task Reentrant_Concurrent_InterleavesAtAwaitsOnOneThread()
    {
        var grain = Client.GetGrain<IReentrantTurnGrain>("a");
        var first = grain.RunAsync("1");
        await Journal.WaitForAsync("1<");

        var violations = await Soon(Task.WhenAll(Enumerable.Range(0, 100).Select(_ => grain.CountTurnsAsync(5))));
        await Soon(grain.CallSelfAsync());

        Assert.All(violations, count => Assert.Equal(0, count));
        Journal.Open("1");
        await Soon(first);
    }

    [Fact]
    public async Task Await_OfAnything_ContinuesInTheGrainsTurn() => Assert.True(await Soon(Grain.StaysOnSchedulerAsync()));

    [Fact]
    public async Task Background_AfterItsRequest_RunsInTurnBesideOthers()
    {
        await Soon(Grain.StartBackgroundAsync("b"));
        await Soon(Grain.NothingAsync());

        Journal.Open("b");

        await Journal.WaitForAsync("b in turn");
    }

    [Fact]
    public async Task OneWay_Call_ReturnsBeforeItsEndAndHidesItsFailure()
    {
        await Soon(Grain.FireAndFailAsync("f"));
        await Journal.WaitForAsync("f<");
        Journal.Open("f");

        await Soon(Grain.NothingAsync());

        Assert.Equal(["f<", "f>"], Journal.Entries);
    }

    [Fact]
    public async Task Grain_PassingItself_ArrivesAsReference()
    {
        await Soon(Grain.IntroduceToAsync("b"));

        Assert.Equal(["a reference to a"], Journal.Entries);
    }

    [Fact]
    public async Task References_ToOneGrain_AreEqualAndBlankKeysRefused()
    {
        Assert.Equal(Client.GetGrain<ITurnGrain>("a"), Client.GetGrain<ITurnGrain>("a"));
        Assert.NotEqual(Client.GetGrain<ITurnGrain>("a"), Client.GetGrain<ITurnGrain>("A"));
        Assert.Equal("turn/a", Grain.GetGrainId().ToString());
        Assert.Equal("a/b", await Soon(Client.GetGrain<ITurnGrain>("a/b").WhoAmIAsync()));
        Assert.Throws<ArgumentException>(() => Client.GetGrain<ITurnGrain>(" "));
    }

    [Fact]
    public async Task Trace_OfTheCaller_IsTheCallees()
    {
        using var activity = new Activity("caller").Start();

        Assert.Equal(activity.TraceId.ToString(), await Soon(Grain.TraceAsync()));
        activity.Stop();
        Assert.NotEqual(activity.TraceId.ToString(), await Soon(Grain.TraceAsync()));
    }
}
