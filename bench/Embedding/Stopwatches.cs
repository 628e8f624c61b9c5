using System.Diagnostics;

namespace Quiver.Bench.Embedding;

/// <summary>The clock and the processor time, started together.</summary>
internal readonly record struct Stopwatches(long Started, TimeSpan Processor)
{
    /// <summary>Starts both.</summary>
    public static Stopwatches Start() => new(Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);

    /// <summary>The speed of so much work since the start.</summary>
    public Speed Stop(double flops) => new(
        flops / Stopwatch.GetElapsedTime(Started).TotalSeconds,
        flops / (Environment.CpuUsage.TotalTime - Processor).TotalSeconds);
}
