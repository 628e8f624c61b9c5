namespace Quiver.Tests.Conformance.Ledger;

public abstract partial class LedgerConformance
{
    private static FailedDocument Failure(long ordinal, string reason = "Because.") =>
        new() { Ordinal = ordinal, DocumentId = $"doc {ordinal} é\0🙂", Code = ErrorCodes.MissingText, Reason = reason, At = Noon.AddTicks(ordinal) };

    [Fact]
    public async Task Failures_Saved_AreListedByOrdinalPageByPage()
    {
        await Ledger.SaveFailuresAsync(Key("one"), [Failure(9), Failure(0), Failure(4)], Cancel);
        await Ledger.SaveFailuresAsync(Key("one"), [Failure(2)], Cancel);
        await ReopenAsync();

        var first = await Ledger.ListFailuresAsync(Key("one"), null, 3, Cancel);
        Assert.Equal([Failure(0), Failure(2), Failure(4)], first.Items);
        var second = await Ledger.ListFailuresAsync(Key("one"), first.Next, 3, Cancel);
        Assert.Equal([Failure(9)], second.Items);
        Assert.Null(second.Next);
    }

    [Fact]
    public async Task Failure_WithAnyText_ComesBackExactly()
    {
        var failure = Failure(1, "A reason with \0, \u0001 and \u0001\u0002 in it.");

        await Ledger.SaveFailuresAsync(Key("one"), [failure], Cancel);
        await Ledger.AppendEventsAsync(Key("one"), Events(1, 1, failure.Reason), Cancel);

        Assert.Equal(failure, Assert.Single((await Ledger.ListFailuresAsync(Key("one"), null, 10, Cancel)).Items));
        Assert.Equal(failure.Reason, Assert.Single(await Ledger.ReadEventsAsync(Key("one"), 0, 10, Cancel)).Message);
    }

    [Fact]
    public async Task Failures_WithTheSameOrdinal_Replace()
    {
        await Ledger.SaveFailuresAsync(Key("one"), [Failure(1, "old")], Cancel);
        await Ledger.SaveFailuresAsync(Key("one"), [Failure(1, "new")], Cancel);

        Assert.Equal("new", Assert.Single((await Ledger.ListFailuresAsync(Key("one"), null, 10, Cancel)).Items).Reason);
    }

    [Fact]
    public async Task Failures_BeyondTheCap_AreNotKeptButKnownOnesAreStillReplaced()
    {
        await Ledger.SaveFailuresAsync(Key("one"), [.. Enumerable.Range(0, MaxFailures).Select(i => Failure(i))], Cancel);
        await Ledger.SaveFailuresAsync(Key("one"), [Failure(0, "again"), Failure(MaxFailures)], Cancel);
        await Ledger.SaveFailuresAsync(Key("two"), [Failure(0)], Cancel);

        var kept = (await Ledger.ListFailuresAsync(Key("one"), null, 1000, Cancel)).Items;
        Assert.Equal(Enumerable.Range(0, MaxFailures).Select(i => (long)i), kept.Select(item => item.Ordinal));
        Assert.Equal("again", kept[0].Reason);
        Assert.Single((await Ledger.ListFailuresAsync(Key("two"), null, 1000, Cancel)).Items);
    }

    [Fact]
    public async Task Failures_FromAnOrdinalOn_AreForgottenAndLeaveTheirRoom()
    {
        await Ledger.SaveFailuresAsync(Key("one"), [.. Enumerable.Range(0, MaxFailures).Select(i => Failure(i))], Cancel);
        await Ledger.SaveFailuresAsync(Key("two"), [Failure(2)], Cancel);

        await Ledger.DeleteFailuresAsync(Key("one"), 2, Cancel);
        await Ledger.DeleteFailuresAsync(Key("none"), 0, Cancel);
        Assert.Equal([0, 1], (await Ledger.ListFailuresAsync(Key("one"), null, 1000, Cancel)).Items.Select(item => item.Ordinal));
        await Ledger.SaveFailuresAsync(Key("one"), [.. Enumerable.Range(2, MaxFailures).Select(i => Failure(i))], Cancel);

        Assert.Equal(MaxFailures, (await Ledger.ListFailuresAsync(Key("one"), null, 1000, Cancel)).Items.Length);
        Assert.Single((await Ledger.ListFailuresAsync(Key("two"), null, 1000, Cancel)).Items);
    }

    [Fact]
    public async Task Failures_OfAnotherTenantsJob_AreNotSeen()
    {
        await Ledger.SaveFailuresAsync(Key("one", Other), [Failure(1)], Cancel);

        Assert.Empty((await Ledger.ListFailuresAsync(Key("one"), null, 10, Cancel)).Items);
    }

    [Fact]
    public async Task ListFailures_WithABadToken_IsRefused() =>
        await Assert.ThrowsAsync<InvalidRequestException>(() => Ledger.ListFailuresAsync(Key("one"), "x'y", 10, Cancel));
}
