using Microsoft.Extensions.Logging;
using Quiver.Core.Jobs;
using Quiver.Grains.Jobs;

namespace Quiver.Tests.Unit.Grains;

public sealed class JobRunTests
{
    private static readonly JobKey Key = new(TenantId.Parse("acme"), JobId.Parse("job-1"));

    [Fact]
    public void Judge_OfAFullStore_PausesWithAWarning()
    {
        var log = new RecordingLogger();

        var outcome = JobRun.Judge(log, Key, new PermanentException(ErrorCodes.StorageFull, "There is no room."));

        Assert.Equal(new JobOutcome(JobTrigger.Suspend, ErrorCodes.StorageFull, "There is no room."), outcome);
        Assert.Equal([(LogLevel.Warning, 1011)], log.Written);
    }

    [Fact]
    public void Judge_OfAnythingElse_FailsWithAnError()
    {
        var log = new RecordingLogger();

        var known = JobRun.Judge(log, Key, new PermanentException(ErrorCodes.AccessDenied, "No."));
        var unknown = JobRun.Judge(log, Key, new InvalidOperationException("What?"));

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
