using Microsoft.Extensions.Logging;
using Quiver.Core.Jobs;
using Quiver.Grains.Jobs;

namespace Quiver.Tests.Unit.Grains;

public sealed class JobRunTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 16, 0, 0, TimeSpan.Zero);
    private static readonly JobKey Key = new(TenantId.Parse("acme"), JobId.Parse("job-1"));

    [Fact]
    public void Judge_OfAFullStore_PausesWithAWarning()
    {
        var log = new RecordingLogger();

        var outcome = JobRun.Judge(log, Key, new PermanentException(ErrorCodes.StorageFull, "There is no room."), Now);

        Assert.Equal(new JobOutcome(JobTrigger.Suspend, ErrorCodes.StorageFull, "There is no room."), outcome);
        Assert.Equal([(LogLevel.Warning, 1011)], log.Written);
    }

    [Theory]
    [InlineData(8 * 60, "2026-01-02 00:00:00 UTC")]
    [InlineData(400 * 24 * 60, "2026-02-01 16:00:00 UTC")]
    [InlineData(-5, "2026-01-01 16:00:00 UTC")]
    [InlineData(null, "2026-01-01 17:00:00 UTC")]
    public void Judge_OfAQuota_PausesUntilItResets(int? minutes, string time)
    {
        var log = new RecordingLogger();
        var fault = new ThrottledException(ErrorCodes.ProviderQuotaSpent, "The quota of the day is used up.")
        {
            RetryAfter = minutes is { } wait ? TimeSpan.FromMinutes(wait) : null,
        };

        var outcome = JobRun.Judge(log, Key, fault, Now);

        Assert.Equal((JobTrigger.Suspend, ErrorCodes.ProviderQuotaSpent), (outcome.Trigger, outcome.Code));
        Assert.StartsWith($"The quota of the day is used up. The job continues by itself at {time}", outcome.Message, StringComparison.Ordinal);
        Assert.Equal(time, $"{outcome.ResumesAt:yyyy-MM-dd HH:mm:ss} UTC");
        Assert.Equal([(LogLevel.Warning, 1014)], log.Written);
    }

    [Fact]
    public void Judge_OfAnythingElse_FailsWithAnError()
    {
        var log = new RecordingLogger();

        var known = JobRun.Judge(log, Key, new PermanentException(ErrorCodes.AccessDenied, "No."), Now);
        var unknown = JobRun.Judge(log, Key, new InvalidOperationException("What?"), Now);

        Assert.Equal((JobTrigger.Fail, ErrorCodes.AccessDenied), (known.Trigger, known.Code));
        Assert.Equal((JobTrigger.Fail, ErrorCodes.Internal), (unknown.Trigger, unknown.Code));
        Assert.Equal([(LogLevel.Error, 1004), (LogLevel.Error, 1004)], log.Written);
    }

    private sealed class RecordingLogger : ILogger
    {
        public List<(LogLevel Level, int Id)> Written { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Written.Add((logLevel, eventId.Id));
    }
}
