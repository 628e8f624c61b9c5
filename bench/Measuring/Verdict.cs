namespace Quiver.Bench.Measuring;

/// <summary>Prints results.</summary>
internal static class Verdict
{
    /// <summary>Prints a ratio that should be at least so much.</summary>
    public static void AtLeast(string what, double value, double goal) => Print(what, $"{value:F3}", $"≥ {goal}", value >= goal);

    /// <summary>Prints a value that should be at most so much.</summary>
    public static void AtMost(string what, double value, double goal, string unit = "") =>
        Print(what, $"{value:F3}{unit}", $"≤ {goal}{unit}", value <= goal);

    /// <summary>Prints how busy the machine is: on a machine that others use too, only ratios of one run say something.</summary>
    public static void Load() => Console.WriteLine($"  load of the machine: {ReadLoad()}, {Environment.ProcessorCount} processors");

    private static void Print(string what, string value, string goal, bool met) =>
        Console.WriteLine($"  {what}: {value} (goal {goal}: {(met ? "met" : "missed")})");

    private static string ReadLoad()
    {
        const string file = "/proc/loadavg";
        return File.Exists(file) ? string.Join(' ', File.ReadAllText(file).Split(' ').Take(3)) + " over 1, 5 and 15 minutes" : "unknown";
    }
}
