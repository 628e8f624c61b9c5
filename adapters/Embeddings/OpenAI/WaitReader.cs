using System.Globalization;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using Quiver.Core.Resilience;

namespace Quiver.Adapters.Embeddings.OpenAI;

/// <summary>What a refusal for too many requests asks for.</summary>
/// <param name="Delay">The wait that the provider states; null when it states none.</param>
/// <param name="Reset">The end of the quota that is used up, and how it is known; null for a short limit.</param>
internal sealed record StatedWait(TimeSpan? Delay, QuotaReset? Reset);

/// <summary>When a quota of a day or a month is there again, or is tried again.</summary>
/// <param name="Period">The quota in words: <c>quota per day</c>.</param>
/// <param name="At">The time.</param>
/// <param name="Source">How the time of the reset is known, as the end of a sentence; null when it is not, and the time is that of the next try.</param>
internal sealed record QuotaReset(string Period, DateTimeOffset At, string? Source);

/// <summary>
/// Reads how long a provider asks to wait, from the headers and the body of its answer, and tells a limit of seconds or minutes from a quota
/// of a day or a month. Waits that are stated in seconds count from now; a date comes from another clock and is limited to an hour, unless
/// the answer names a long quota. A quota whose reset is not known may be one of the last 24 hours: it is tried again before the calendar's day
/// or month ends.
/// </summary>
internal static partial class WaitReader
{
    // Epochs; a smaller number is a time in seconds.
    private const double FirstEpochSeconds = 1e9;
    private const double FirstEpochMilliseconds = 1e12;

    private static readonly TimeSpan TryDayAfter = TimeSpan.FromHours(1);
    private static readonly TimeSpan TryMonthAfter = TimeSpan.FromHours(6);

    private static readonly DateTime TransitionHour = new(1, 1, 1, 2, 0, 0);

    // Made here, because containers often lack the system's time zones.
    private static readonly TimeZoneInfo Pacific = TimeZoneInfo.CreateCustomTimeZone(
        "Pacific",
        TimeSpan.FromHours(-8),
        "Pacific",
        "Pacific Standard Time",
        "Pacific Daylight Time",
        [
            TimeZoneInfo.AdjustmentRule.CreateAdjustmentRule(
                DateTime.MinValue.Date,
                DateTime.MaxValue.Date,
                TimeSpan.FromHours(1),
                TimeZoneInfo.TransitionTime.CreateFloatingDateRule(TransitionHour, 3, 2, DayOfWeek.Sunday),
                TimeZoneInfo.TransitionTime.CreateFloatingDateRule(TransitionHour, 11, 1, DayOfWeek.Sunday)),
        ]);

    private enum Period
    {
        None = 0,
        Day = 1,
        Month = 2,
    }

    /// <summary>The wait of an answer that fails for another reason, such as 503.</summary>
    public static TimeSpan? FindDelay(HttpResponseHeaders headers, ErrorBody body, DateTimeOffset now) =>
        Find(headers, body, now) is { } wait ? RetrySchedule.Clamp(wait.Time) : null;

    /// <summary>The wait of a 429.</summary>
    public static StatedWait Read(HttpResponseHeaders headers, ErrorBody body, DateTimeOffset now)
    {
        var stated = Find(headers, body, now);
        var period = FindPeriod(body);

        // Google also states a few seconds for the quota of a day.
        if (period == Period.Day && !body.Quotas.IsEmpty)
        {
            return new(stated?.Time, new("quota per day", NextMidnight(now, Pacific), "when Google's day ends, at midnight Pacific time"));
        }

        if (stated is { } wait && (period != Period.None || (!wait.IsDate && wait.Time > RetrySchedule.MaxRetryAfter)))
        {
            return new(wait.Time, new(Words(period), now + wait.Time, "as the provider says"));
        }

        return period switch
        {
            Period.Day => new(null, new(Words(period), Earlier(now + TryDayAfter, NextMidnight(now, TimeZoneInfo.Utc)), null)),
            Period.Month => new(null, new(Words(period), Earlier(now + TryMonthAfter, NextMonth(now)), null)),
            _ => new(stated is { } shortWait ? RetrySchedule.Clamp(shortWait.Time) : null, null),
        };
    }

    private static string Words(Period period) => period switch
    {
        Period.Day => "quota per day",
        Period.Month => "quota per month",
        _ => "quota",
    };

    /// <summary>
    /// The longest wait that is stated as such; without one, the longest reset of a limit of which nothing remains. A reset is often the time
    /// until the limit is there in full, which is later than the next request.
    /// </summary>
    private static (TimeSpan Time, bool IsDate)? Find(HttpResponseHeaders headers, ErrorBody body, DateTimeOffset now)
    {
        (TimeSpan Time, bool IsDate)?[] stated =
        [
            OfHeader(headers, "retry-after-ms", now) ?? OfHeader(headers, "retry-after", now),
            body.Delay is { } delay ? (delay, false) : null,
            body.Message is { } message && Durations.FindWait(message) is { } said ? (said, false) : null,
        ];
        return Longest(stated) ?? Longest(
        [
            OfReset(headers, "-requests", now),
            OfReset(headers, "-tokens", now),
            OfReset(headers, "", now),
        ]);
    }

    private static (TimeSpan Time, bool IsDate)? Longest(IEnumerable<(TimeSpan Time, bool IsDate)?> waits) =>
        waits.Where(static wait => wait is not null).MaxBy(static wait => wait!.Value.Time);

    private static (TimeSpan Time, bool IsDate)? OfReset(HttpResponseHeaders headers, string limit, DateTimeOffset now) =>
        First(headers, $"x-ratelimit-remaining{limit}") is { } remaining
        && double.TryParse(remaining, NumberStyles.Float, CultureInfo.InvariantCulture, out var left)
        && left == 0
        && OfHeader(headers, $"x-ratelimit-reset{limit}", now) is { Time.Ticks: > 0 } wait
            ? wait
            : null;

    private static (TimeSpan Time, bool IsDate)? OfHeader(HttpResponseHeaders headers, string name, DateTimeOffset now)
    {
        if (First(headers, name) is not { } value)
        {
            return null;
        }

        var answered = AnsweredAt(headers) ?? now;
        if (double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number))
        {
            return name.EndsWith("-ms", StringComparison.Ordinal) ? (Durations.OfSeconds(number / 1000), false)
                : number >= FirstEpochMilliseconds ? (Until(number / 1000, answered), true)
                : number >= FirstEpochSeconds ? (Until(number, answered), true)
                : (Durations.OfSeconds(number), false);
        }

        return Durations.TryParse(value, out var time) ? (time, false)
            : DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) ? (Durations.OfSeconds((date - answered).TotalSeconds), true)
            : null;
    }

    /// <summary>The date of the answer: by the provider's clock, as its other dates are. This machine's clock may be wrong.</summary>
    private static DateTimeOffset? AnsweredAt(HttpResponseHeaders headers) =>
        DateTimeOffset.TryParse(First(headers, "date"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) ? date : null;

    private static TimeSpan Until(double epoch, DateTimeOffset now) => Durations.OfSeconds(epoch - (now - DateTimeOffset.UnixEpoch).TotalSeconds);

    private static string? First(HttpResponseHeaders headers, string name) => headers.TryGetValues(name, out var values) ? values.FirstOrDefault()?.Trim() : null;

    /// <summary>The period of the quota that is used up. A sentence can name several limits; the one that was reached comes first.</summary>
    private static Period FindPeriod(ErrorBody body)
    {
        foreach (var quota in body.Quotas)
        {
            if (quota.Contains("PerDay", StringComparison.OrdinalIgnoreCase))
            {
                return Period.Day;
            }
        }

        // Each of Google's quotas says its period.
        var match = PeriodPattern().Match(body.Quotas.IsEmpty ? body.Message ?? "" : string.Join(' ', body.Quotas));
        return match.Groups["day"].Success ? Period.Day
            : match.Groups["month"].Success ? Period.Month
            : Period.None;
    }

    private static DateTimeOffset NextMidnight(DateTimeOffset now, TimeZoneInfo zone)
    {
        var midnight = TimeZoneInfo.ConvertTime(now, zone).Date.AddDays(1);
        return new DateTimeOffset(midnight, zone.GetUtcOffset(midnight)).ToUniversalTime();
    }

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

    private static DateTimeOffset NextMonth(DateTimeOffset now) => new DateTimeOffset(now.Year, now.Month, 1, 0, 0, 0, TimeSpan.Zero).AddMonths(1);

    [GeneratedRegex(
        @"(?<short>per[-_ ]?(?:\d+ )?(?:min|sec|hour)|/ ?(?:min|sec|hour)|\b[RT]P[MS]\b)"
        + @"|(?<day>per[-_ ]?(?:1 )?day|\bdaily\b|/ ?day|\ba day\b|\beach day\b|\b[RT]PD\b|\b24[- ]hours?\b)"
        + @"|(?<month>per[-_ ]?(?:1 )?month|\bmonthly\b|/ ?month|\ba month\b|\beach month\b|\bthis month\b)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex PeriodPattern();
}
