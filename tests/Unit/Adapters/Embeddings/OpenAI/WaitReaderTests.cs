using System.Globalization;
using Quiver.Adapters.Embeddings.OpenAI;

namespace Quiver.Tests.Unit.Adapters.Embeddings.OpenAI;

public sealed class WaitReaderTests
{
    private const string GooglesDay =
        """[{"error":{"code":429,"message":"quota","details":[{"violations":[{"quotaId":"RequestsPerMinute"},{"quotaId":"EmbedContentRequestsPerDayPerProject"}]},{"retryDelay":"5s"}]}}]""";

    [Theory]
    [InlineData("2026-01-01T00:00:00Z", "2026-01-01T08:00:00Z")]
    [InlineData("2026-01-01T07:59:59Z", "2026-01-01T08:00:00Z")]
    [InlineData("2026-01-01T08:00:00Z", "2026-01-02T08:00:00Z")]
    [InlineData("2026-07-01T06:00:00Z", "2026-07-01T07:00:00Z")]
    [InlineData("2026-03-08T09:00:00Z", "2026-03-09T07:00:00Z")]
    [InlineData("2026-11-01T08:00:00Z", "2026-11-02T08:00:00Z")]
    public void Day_OfGoogle_EndsAtMidnightPacificTime(string now, string reset) => Assert.Equal(At(reset), Read(GooglesDay, now).Reset?.At);

    [Theory]
    [InlineData("daily limit reached", "2026-02-28T23:59:00Z", "2026-03-01T00:00:00Z")]
    [InlineData("monthly limit reached", "2026-12-31T23:59:00Z", "2027-01-01T00:00:00Z")]
    [InlineData("1000 API calls / month", "2026-01-01T00:00:00Z", "2026-01-01T06:00:00Z")]
    [InlineData("200 requests per day", "2026-01-01T00:00:00Z", "2026-01-01T01:00:00Z")]
    [InlineData("limit on tokens per day (TPD)", "2026-01-01T22:30:00Z", "2026-01-01T23:30:00Z")]
    [InlineData("requests per day: try again in 3h", "2026-01-01T00:00:00Z", "2026-01-01T03:00:00Z")]
    [InlineData("try again in 3 hours", "2026-01-01T00:00:00Z", "2026-01-01T03:00:00Z")]
    public void Quota_OfALongPeriod_HasItsResetOrItsNextTry(string message, string now, string reset) => Assert.Equal(At(reset), Read(Error(message), now).Reset?.At);

    [Theory]
    [InlineData("requests per min (RPM): Limit 3. Your daily limit is 200.")]
    [InlineData("limited to 40 API calls / minute")]
    [InlineData("reduced rate limits of 3 RPM and 10K TPM")]
    [InlineData("60 requests per 60 seconds")]
    [InlineData("slow down")]
    public void Limit_OfAShortPeriod_IsNoQuota(string message)
    {
        var wait = Read(Error(message), "2026-01-01T00:00:00Z");

        Assert.Null(wait.Delay);
        Assert.Null(wait.Reset);
    }

    [Fact]
    public void Wait_OfAHeaderAndOfTheBody_IsTheLonger() => Assert.Equal(
        TimeSpan.FromSeconds(37), Read("""{"error":{"message":"try again in 20s","details":[{"retryDelay":"37s"}]}}""", "2026-01-01T00:00:00Z", ("Retry-After", "1")).Delay);

    [Fact]
    public void Wait_UntilADateOfAnotherClock_IsAtMostAnHour() =>
        Assert.Equal(new StatedWait(TimeSpan.FromHours(1), null), Read("{}", "2026-01-01T00:00:00Z", ("Retry-After", "Fri, 01 Jan 2027 00:00:00 GMT")));

    [Theory]
    [InlineData("2026-01-01T00:00:00Z")]
    [InlineData("2026-01-01T01:00:00Z")]
    [InlineData("2025-12-31T23:00:00Z")]
    public void Wait_UntilADate_IsCountedFromTheDateOfTheAnswer_WhateverThisClockSays(string now) => Assert.Equal(
        TimeSpan.FromSeconds(30),
        Read("{}", now, ("Date", "Thu, 01 Jan 2026 00:00:00 GMT"), ("Retry-After", "Thu, 01 Jan 2026 00:00:30 GMT")).Delay);

    [Fact]
    public void Reset_WhileSomethingRemains_IsNoWait() => Assert.Null(
        Read("{}", "2026-01-01T00:00:00Z", ("x-ratelimit-remaining-tokens", "-1"), ("x-ratelimit-reset-tokens", "0"), ("x-ratelimit-reset-requests", "5s")).Delay);

    private static string Error(string message) => $$$"""{"error":{"message":"{{{message}}}"}}""";

    private static DateTimeOffset At(string time) => DateTimeOffset.Parse(time, CultureInfo.InvariantCulture);

    private static StatedWait Read(string body, string now, params (string Name, string Value)[] headers)
    {
        using var response = new HttpResponseMessage();
        foreach (var (name, value) in headers)
        {
            response.Headers.TryAddWithoutValidation(name, value);
        }

        return WaitReader.Read(response.Headers, ErrorBody.Read(body), At(now));
    }
}
