using System.Reflection;

namespace Quiver.Tests.Unit.GrainInterfaces;

public sealed class JobCountersTests
{
    private static readonly PropertyInfo[] Counts = [.. typeof(JobCounters).GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.PropertyType == typeof(long))];

    [Fact]
    public void Add_EveryCount_IsSummed()
    {
        var (first, second) = (new JobCounters { Cost = 0.25m }, new JobCounters { Cost = 1.5m });
        for (var i = 0; i < Counts.Length; i++)
        {
            Counts[i].SetValue(first, 1L << i);
            Counts[i].SetValue(second, 1000L * (i + 1));
        }

        var sum = first.Add(second);

        Assert.Equal(1.75m, sum.Cost);
        Assert.Equal(20, Counts.Length);
        Assert.All(Enumerable.Range(0, Counts.Length), i => Assert.Equal((1L << i) + (1000L * (i + 1)), Counts[i].GetValue(sum)));
    }
}
