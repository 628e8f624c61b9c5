using System.Globalization;

namespace Quiver.Cli.Output;

/// <summary>Formats numbers and times for people, independent of the culture.</summary>
internal static class Quantities
{
    /// <summary>1,234.</summary>
    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>"1 document", "2 documents".</summary>
    public static string Count(long value, string singular) => $"{Count(value)} {singular}{(value == 1 ? "" : "s")}";

    /// <summary>"12 KB", "3.4 MB", "1,204 MB".</summary>
    public static string Bytes(long value) => value switch
    {
        < 1 << 20 => string.Create(CultureInfo.InvariantCulture, $"{(value + 1023) >> 10} KB"),
        < 100 << 20 => string.Create(CultureInfo.InvariantCulture, $"{value / 1048576.0:0.0} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{value >> 20:N0} MB"),
    };

    /// <summary>Three significant digits: 0.25, 41.6, 1,204.</summary>
    public static string Rate(double perSecond) => perSecond switch
    {
        < 10 => perSecond.ToString("0.##", CultureInfo.InvariantCulture),
        < 100 => perSecond.ToString("0.#", CultureInfo.InvariantCulture),
        _ => perSecond.ToString("N0", CultureInfo.InvariantCulture),
    };

    /// <summary>An amount without a currency: 12.30; small amounts with up to six decimals.</summary>
    public static string Money(decimal value) => value.ToString(value is >= 1 or 0 ? "N2" : "0.00####", CultureInfo.InvariantCulture);

    /// <summary>"0.34 s", "12.3 s", "2 min 5 s", "3 h 12 min", "90 d 0 h".</summary>
    public static string Duration(TimeSpan value) => value switch
    {
        { TotalSeconds: < 10 } => value.TotalSeconds.ToString("0.00", CultureInfo.InvariantCulture) + " s",
        { TotalSeconds: < 60 } => value.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture) + " s",
        { TotalMinutes: < 60 } => string.Create(CultureInfo.InvariantCulture, $"{value.Minutes} min {value.Seconds} s"),
        { TotalDays: < 2 } => string.Create(CultureInfo.InvariantCulture, $"{(int)value.TotalHours} h {value.Minutes} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{value.Days} d {value.Hours} h"),
    };

    /// <summary>An estimate, rounded up: "less than 1 min", "5 min", "3 h 12 min", "90 d 0 h".</summary>
    public static string TimeLeft(TimeSpan value) => value switch
    {
        { TotalMinutes: <= 1 } => "less than 1 min",
        { TotalMinutes: <= 59 } => string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(value.TotalMinutes):0} min"),
        _ => Duration(value < TimeSpan.FromHours(1) ? TimeSpan.FromHours(1) : value),
    };

    /// <summary>The time since a moment: "just now", "5 min", "3 h", "12 d".</summary>
    public static string Age(DateTimeOffset then, DateTimeOffset now) => (now - then) switch
    {
        { TotalSeconds: < 1 } => "just now",
        { TotalMinutes: < 1 } age => string.Create(CultureInfo.InvariantCulture, $"{(int)age.TotalSeconds} s"),
        { TotalHours: < 1 } age => string.Create(CultureInfo.InvariantCulture, $"{(int)age.TotalMinutes} min"),
        { TotalDays: < 1 } age => string.Create(CultureInfo.InvariantCulture, $"{(int)age.TotalHours} h"),
        var age => string.Create(CultureInfo.InvariantCulture, $"{(int)age.TotalDays} d"),
    };

    /// <summary>A UTC time to the second.</summary>
    public static string Moment(DateTimeOffset value) => value.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
