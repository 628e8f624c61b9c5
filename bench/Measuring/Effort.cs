using System.Diagnostics;

namespace Quiver.Bench.Measuring;

/// <summary>What something took, by the clock and in processor time of this process, in seconds.</summary>
internal readonly record struct Effort(double Seconds, double ProcessorSeconds)
{
    /// <summary>Does something and measures it.</summary>
    public static async Task<Effort> OfAsync(Func<Task> work)
    {
        var processor = Environment.CpuUsage.TotalTime;
        var started = Stopwatch.GetTimestamp();
        await work();
        return new(Stopwatch.GetElapsedTime(started).TotalSeconds, (Environment.CpuUsage.TotalTime - processor).TotalSeconds);
    }
}
