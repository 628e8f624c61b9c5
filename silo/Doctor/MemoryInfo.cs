using System.Globalization;

namespace Quiver.Silo.Doctor;

/// <summary>Reads what Linux says about memory.</summary>
internal static class MemoryInfo
{
    /// <summary>Where Linux says it.</summary>
    public const string Path = "/proc/meminfo";

    private const string Label = "MemAvailable:";
    private const int BytesPerUnit = 1024;

    /// <summary>Bytes that can be taken without swapping; null when the lines do not say.</summary>
    public static long? Available(IEnumerable<string> lines)
    {
        var line = lines.FirstOrDefault(line => line.StartsWith(Label, StringComparison.Ordinal));
        var number = line?[Label.Length..].Replace("kB", "", StringComparison.Ordinal);
        return long.TryParse(number, NumberStyles.Integer, CultureInfo.InvariantCulture, out var units) ? units * BytesPerUnit : null;
    }
}
