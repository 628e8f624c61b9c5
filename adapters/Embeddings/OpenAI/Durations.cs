using System.Globalization;
using System.Text.RegularExpressions;

namespace Quiver.Adapters.Embeddings.OpenAI;

/// <summary>
/// Reads times as providers write them: <c>20</c> (seconds), <c>20ms</c>, <c>6m0s</c>, <c>36.8s</c>, <c>2 seconds</c>, <c>1 hour and 5 minutes</c>.
/// Longer ones than a month are a month.
/// </summary>
internal static partial class Durations
{
    /// <summary>The longest time.</summary>
    public static readonly TimeSpan Max = TimeSpan.FromDays(31);

    private const string Number = @"\d+(?:\.\d+)?";
    private const string Unit = "(?:milliseconds?|millis|msecs?|ms|seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h|days?|d)(?![a-z])";
    private const string Part = Number + @"\s?" + Unit;
    private const string All = Part + @"(?:(?:,?\s?(?:and\s)?)" + Part + ")*";

    /// <summary>Parses a text that consists of a time.</summary>
    /// <param name="text">The text.</param>
    /// <param name="time">The time, at least 0.</param>
    public static bool TryParse(string text, out TimeSpan time)
    {
        text = text.Trim();
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds))
        {
            time = double.IsNaN(seconds) ? TimeSpan.Zero : OfSeconds(seconds);
            return !double.IsNaN(seconds);
        }

        var whole = Whole().IsMatch(text);
        time = whole ? Sum(text) : TimeSpan.Zero;
        return whole;
    }

    /// <summary>Finds a wait that a sentence asks for: <c>Please try again in 7m12s.</c></summary>
    /// <param name="sentence">The sentence.</param>
    public static TimeSpan? FindWait(string sentence) => Wait().Match(sentence) is { Success: true } match ? Sum(match.Groups["time"].Value) : null;

    /// <summary>A time of so many seconds, at least 0 and at most <see cref="Max"/>.</summary>
    public static TimeSpan OfSeconds(double seconds) => TimeSpan.FromSeconds(Math.Clamp(seconds, 0, Max.TotalSeconds));

    private static TimeSpan Sum(string text) => OfSeconds(Parts().Matches(text).Sum(static part =>
        double.Parse(part.Groups["number"].Value, CultureInfo.InvariantCulture) * SecondsOf(part.Groups["unit"].Value)));

    private static double SecondsOf(string unit) => unit.ToLowerInvariant() switch
    {
        "ms" or "msec" or "msecs" or "millis" or "millisecond" or "milliseconds" => 0.001,
        ['s', ..] => 1,
        ['m', ..] => 60,
        ['h', ..] => 3600,
        _ => 86_400,
    };

    [GeneratedRegex(@"\A" + All + @"\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Whole();

    [GeneratedRegex("(?<number>" + Number + @")\s?(?<unit>" + Unit + ")", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Parts();

    [GeneratedRegex(
        @"\b(?:again|retry|retrying|wait|waiting|available|resets?|reset)\s(?:in|after|for|at least)?\s?(?:about\s|approximately\s|at least\s)?(?<time>" + All + ")",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Wait();
}
