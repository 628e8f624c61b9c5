using Quiver.GrainInterfaces.Workers;

namespace Quiver.Core.Jobs;

/// <summary>
/// What a job has used of its model over all its runs. Kept apart from its progress, which may be reset. Combines the highest reading of each meter,
/// so a reading may come late, twice or not at all. Bounded.
/// </summary>
public sealed record JobUsage
{
    // One per process that has worked for the job: more than the job can have workers at a time, so a dropped meter is final.
    private const int MaxMeters = 256;

    /// <summary>No usage.</summary>
    public static JobUsage None { get; } = new();

    /// <summary>The total of dropped meters.</summary>
    public ModelUsage Settled { get; init; } = ModelUsage.None;

    /// <summary>The highest readings, in the order in which meters were first read.</summary>
    public ImmutableArray<UsageReading> Meters { get; init; } = [];

    /// <summary>Returns the total.</summary>
    public ModelUsage Sum() => Meters.Aggregate(Settled, (sum, reading) => sum.Add(reading.Total));

    /// <summary>Returns the usage with a further reading; the same instance when it adds nothing.</summary>
    public JobUsage With(UsageReading reading)
    {
        ArgumentNullException.ThrowIfNull(reading);
        var known = Meters.FirstOrDefault(meter => meter.Meter == reading.Meter);
        if (reading.Total.Calls <= (known?.Total.Calls ?? 0))
        {
            return this;
        }

        if (known is not null)
        {
            return this with { Meters = Meters.Replace(known, reading) };
        }

        return Meters.Length < MaxMeters
            ? this with { Meters = Meters.Add(reading) }
            : new JobUsage { Settled = Settled.Add(Meters[0].Total), Meters = Meters.RemoveAt(0).Add(reading) };
    }

    /// <summary>Returns the usage with the readings of another.</summary>
    public JobUsage With(JobUsage other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return other.Meters.Aggregate(this, (sum, reading) => sum.With(reading));
    }

    /// <summary>Returns the usage with what older versions counted as progress.</summary>
    internal JobUsage With(JobCounters counters) => this with
    {
        Settled = Settled.Add(new ModelUsage
        {
            Calls = counters.EmbeddingCalls,
            Texts = counters.EmbeddedTexts,
            Tokens = counters.EmbeddedTokens,
            Cost = counters.Cost,
        }),
    };

    /// <summary>Returns the progress with the total usage.</summary>
    internal JobCounters Into(JobCounters counters)
    {
        var sum = Sum();
        return counters.Add(new JobCounters { EmbeddingCalls = sum.Calls, EmbeddedTexts = sum.Texts, EmbeddedTokens = sum.Tokens, Cost = sum.Cost });
    }
}
