namespace Quiver.Tests.Conformance.Ledger;

public abstract partial class LedgerConformance
{
    private static IReadOnlyList<JobEvent> Events(int first, int count, string message = "m") =>
        [.. Enumerable.Range(first, count).Select(i => new JobEvent
        {
            Sequence = i,
            Kind = JobEventKind.BatchCommitted,
            At = Noon.AddSeconds(i),
            State = JobState.Running,
            Counters = new() { Documents = i },
            LastCommittedIndex = i - 1,
            Code = "code",
            Message = message,
            ExpectedDocuments = 99,
        })];

    [Fact]
    public async Task Events_Appended_AreReadBackEqualAfterTheGivenOne()
    {
        await Ledger.AppendEventsAsync(Key("one"), Events(1, 10), Cancel);
        await ReopenAsync();

        Assert.Equal(Events(1, 10), await Ledger.ReadEventsAsync(Key("one"), 0, 1000, Cancel));
        Assert.Equal(Events(5, 3), await Ledger.ReadEventsAsync(Key("one"), 4, 3, Cancel));
        Assert.Empty(await Ledger.ReadEventsAsync(Key("one"), 10, 1000, Cancel));
    }

    [Fact]
    public async Task Events_WithASequenceThatIsThere_StayAsTheyWere()
    {
        await Ledger.AppendEventsAsync(Key("one"), Events(1, 3, "first"), Cancel);
        await Ledger.AppendEventsAsync(Key("one"), Events(2, 3, "second"), Cancel);

        Assert.Equal(["first", "first", "first", "second"], (await Ledger.ReadEventsAsync(Key("one"), 0, 10, Cancel)).Select(item => item.Message!));
    }

    [Fact]
    public async Task Events_BeyondTheCap_DropTheOldestOfThisJobOnly()
    {
        await Ledger.AppendEventsAsync(Key("two"), Events(1, 5), Cancel);
        await Ledger.AppendEventsAsync(Key("one"), Events(1, MaxEvents), Cancel);
        await Ledger.AppendEventsAsync(Key("one"), Events(MaxEvents + 1, 7), Cancel);

        Assert.Equal(Events(8, MaxEvents), await Ledger.ReadEventsAsync(Key("one"), 0, 1000, Cancel));
        Assert.Equal(5, (await Ledger.ReadEventsAsync(Key("two"), 0, 1000, Cancel)).Count);
    }

    [Fact]
    public async Task Events_DroppedAndAppendedAgain_StayDropped()
    {
        await Ledger.AppendEventsAsync(Key("one"), Events(1, MaxEvents + 10), Cancel);
        await Ledger.AppendEventsAsync(Key("one"), Events(1, 3), Cancel);

        Assert.Equal(Events(11, MaxEvents), await Ledger.ReadEventsAsync(Key("one"), 0, 1000, Cancel));
    }

    [Fact]
    public async Task Events_OfAnotherTenantsJob_AreNotSeen()
    {
        await Ledger.AppendEventsAsync(Key("one", Other), Events(1, 3), Cancel);

        Assert.Empty(await Ledger.ReadEventsAsync(Key("one"), 0, 10, Cancel));
    }

    [Fact]
    public async Task Events_MoreThanABatchHolds_AreRefused() =>
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Ledger.AppendEventsAsync(Key("one"), Events(1, 1001), Cancel));
}
