using Quiver.Tests.Conformance.Runtime.Grains;

namespace Quiver.Tests.Conformance.Runtime;

/// <summary>Stateless workers and their bound, which is 2 here.</summary>
public abstract class WorkersConformance<TFixture> : RuntimeConformance<TFixture>
    where TFixture : RuntimeFixture, new()
{
    private IWorkerGrain Worker => Client.GetGrain<IWorkerGrain>(0);

    [Fact]
    public async Task Workers_MoreCallsThanBound_RunAsManyAsTheBound()
    {
        var calls = Enumerable.Range(1, 6).Select(i => Worker.WorkAsync($"{i}")).ToArray();
        await Journal.WaitForCountAsync(2);
        Assert.All(Journal.Entries, static entry => Assert.EndsWith("<", entry, StringComparison.Ordinal));
        for (var i = 1; i <= 6; i++) Journal.Open($"{i}");

        var by = await Soon(Task.WhenAll(calls));

        Assert.Equal(2, by.Distinct().Count());
        var inside = 0;
        foreach (var entry in Journal.Entries)
        {
            inside += entry[^1] == '<' ? 1 : -1;
            Assert.InRange(inside, 0, 2);
        }
    }

    [Fact]
    public async Task Workers_CalledOneAfterTheOther_AreOne()
    {
        Journal.Open("1");
        Journal.Open("2");

        Assert.Equal(await Soon(Worker.WorkAsync("1")), await Soon(Worker.WorkAsync("2")));
    }

    [Fact]
    public async Task Workers_OfAnotherKey_HaveTheirOwnBound()
    {
        var calls = new[] { Worker.WorkAsync("1"), Worker.WorkAsync("2") };
        await Journal.WaitForCountAsync(2);
        Journal.Open("3");

        await Soon(Client.GetGrain<IWorkerGrain>(1).WorkAsync("3"));

        Journal.Open("1");
        Journal.Open("2");
        await Soon(Task.WhenAll(calls));
    }

    [Fact]
    public async Task Workers_WithTimedOutCallWaiting_AreNotHeldUp()
    {
        var first = Worker.WorkAsync("1");
        var second = Worker.WorkAsync("2");
        await Journal.WaitForCountAsync(2);
        var third = Worker.WorkAsync("3");
        await Host.AdvanceAsync(RuntimeFixture.ResponseTimeout + TimeSpan.FromSeconds(2));
        await Assert.ThrowsAsync<TimeoutException>(() => Soon(third));

        Journal.Open("1");
        Journal.Open("2");
        Journal.Open("3");
        Journal.Open("4");

        // Whether the third still runs is left to the runtime.
        await Soon(Worker.WorkAsync("4"));
        await Assert.ThrowsAsync<TimeoutException>(() => Soon(first));
        await Assert.ThrowsAsync<TimeoutException>(() => Soon(second));
    }
}
