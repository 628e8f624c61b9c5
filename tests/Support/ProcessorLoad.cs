using System.Globalization;

namespace Quiver.Tests.Support;

/// <summary>How busy the machine is: what is promised for one that is not takes as many times as long on one that is.</summary>
internal static class ProcessorLoad
{
    /// <summary>Processes that wanted a processor in the last minute, for each that there is; at least 1.</summary>
    public static double PerProcessor => OperatingSystem.IsLinux()
        ? Math.Max(1, double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture) / Environment.ProcessorCount)
        : 1;
}
