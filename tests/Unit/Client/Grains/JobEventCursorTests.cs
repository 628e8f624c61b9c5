using Quiver.Client.Grains;

namespace Quiver.Tests.Unit.Client.Grains;

public sealed class JobEventCursorTests
{
    private readonly JobEventCursor _cursor = new(10);

    [Fact]
    public void AcceptLive_OfTheNext_TakesIt()
    {
        Assert.True(_cursor.AcceptLive(Event(11)));
        Assert.Equal((11, null, false), (_cursor.Last, _cursor.Ahead, _cursor.HasGap));
    }

    [Fact]
    public void AcceptLive_OfARepeat_ForgetsIt()
    {
        Assert.False(_cursor.AcceptLive(Event(10)));
        Assert.Equal((10, null), (_cursor.Last, _cursor.Ahead));
    }

    [Fact]
    public void AcceptLive_BeyondAGap_KeepsItUntilTheLedgerCaughtUp()
    {
        Assert.False(_cursor.AcceptLive(Event(13)));
        Assert.True(_cursor.HasGap);

        Assert.True(_cursor.Advance(Event(11)));
        Assert.True(_cursor.HasGap);
        Assert.True(_cursor.Advance(Event(12)));
        Assert.False(_cursor.HasGap);
        Assert.Equal(13, _cursor.Ahead!.Sequence);
        Assert.True(_cursor.Advance(_cursor.Ahead));
        Assert.Equal((13, null), (_cursor.Last, _cursor.Ahead));
    }

    [Fact]
    public void Advance_PastTheOneAhead_ForgetsThat()
    {
        _cursor.AcceptLive(Event(13));

        Assert.True(_cursor.Advance(Event(14)));

        Assert.Equal((14, null, false), (_cursor.Last, _cursor.Ahead, _cursor.HasGap));
        Assert.False(_cursor.Advance(Event(13)));
    }

    private static JobEvent Event(long sequence) =>
        new() { Sequence = sequence, Kind = JobEventKind.BatchCommitted, At = default, State = JobState.Running, Counters = JobCounters.Zero };
}
