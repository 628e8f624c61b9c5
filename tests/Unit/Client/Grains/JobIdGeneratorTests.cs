using FsCheck;
using FsCheck.Fluent;
using Quiver.Client.Grains;
using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Client.Grains;

public sealed class JobIdGeneratorTests
{
    [Fact]
    public void Next_InTwoDifferentMilliseconds_SortsByTime() => Check.QuickThrowOnFailure(Prop.ForAll(
        ArbMap.Default.ArbFor<(uint, uint)>(),
        pair =>
        {
            var (first, second) = (At(pair.Item1), At(pair.Item2));
            var order = string.CompareOrdinal(new JobIdGenerator(first, new Random(1)).Next().Value, new JobIdGenerator(second, new Random(2)).Next().Value);
            return pair.Item1 == pair.Item2 || Math.Sign(order) == pair.Item1.CompareTo(pair.Item2);
        }));

    [Fact]
    public void Next_OftenInOneMillisecond_NeverRepeats()
    {
        var generator = new JobIdGenerator(At(5), new Random(3));

        var ids = Enumerable.Range(0, 10_000).Select(_ => generator.Next().Value).ToList();

        Assert.Equal(ids.Count, ids.Distinct().Count());
        Assert.All(ids, id => Assert.Matches("^[0-9a-hjkmnp-tv-z]{18}$", id));
    }

    private static ManualTimeProvider At(uint milliseconds) => new(DateTimeOffset.UnixEpoch.AddMilliseconds(milliseconds * 1000d));
}
