using Quiver.GrainInterfaces.Workers;

namespace Quiver.Core.Jobs;

/// <summary>
/// What a job has used of its model over all its runs, apart from its progress, which may begin anew. Made of the highest reading of each meter
/// that was ever read for it, so that a reading may come late, twice or not at all. Bounded.
/// </summary>
public sealed record JobUsage
{
    // One for each process that has worked for the job: more than it can have workers at a time, so that the one that gives way adds nothing any more.
    private const int MaxMeters = 256;

    /// <summary>Nothing used.</summary>
    public static JobUsage None { get; } = new();

    /// <summary>What meters counted that are not kept apart any more.</summary>
    public ModelUsage Settled { get; init; } = ModelUsage.None;

    /// <summary>The highest readings, the meter that was read first first.</summary>
    public ImmutableArray<UsageReading> Meters { get; init; } = [];

    /// <summary>All of it.</summary>
    public ModelUsage Sum() => Meters.Aggregate(Settled, (sum, reading) => sum.Add(reading.Total));

    /// <summary>The usage with one more reading; the same when it says nothing new.</summary>
    /// <param name="reading">What a meter shows.</param>
    public JobUsage With(UsageReading reading)
    {
        ArgumentNullException.ThrowIfNull(reading);
        var place = Place(reading.Meter);
        if (reading.Total.Calls <= (place < 0 ? 0 : Meters[place].Total.Calls))
        {
            return this;
        }

        if (place >= 0)
        {
            return this with { Meters = Meters.SetItem(place, reading) };
        }

        return Meters.Length < MaxMeters
            ? this with { Meters = Meters.Add(reading) }
            : new JobUsage { Settled = Settled.Add(Meters[0].Total), Meters = Meters.RemoveAt(0).Add(reading) };
    }

    /// <summary>The usage with the readings of another.</summary>
    /// <param name="other">Read for the same job.</param>
    public JobUsage With(JobUsage other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return other.Meters.Aggregate(this, (sum, reading) => sum.With(reading));
    }

    /// <summary>The usage with what older versions counted among the progress.</summary>
    /// <param name="counters">The progress that is about to begin anew.</param>
    internal JobUsage With(JobCounters counters) => this with
    {
        Settled = Settled.Add(new ModelUsage { Calls = counters.EmbeddingCalls, Texts = counters.EmbeddedTexts, Tokens = counters.EmbeddedTokens, Cost = counters.Cost }),
    };

    /// <summary>The progress with all that was used.</summary>
    internal JobCounters Into(JobCounters counters)
    {
        var sum = Sum();
        return counters.Add(new JobCounters { EmbeddingCalls = sum.Calls, EmbeddedTexts = sum.Texts, EmbeddedTokens = sum.Tokens, Cost = sum.Cost });
    }

    private int Place(Guid meter)
    {
        for (var i = 0; i < Meters.Length; i++)
        {
            if (Meters[i].Meter == meter)
            {
                return i;
            }
        }

        return -1;
    }
}
