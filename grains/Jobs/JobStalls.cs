using Quiver.Core.Jobs;

namespace Quiver.Grains.Jobs;

/// <summary>Detects and reports that a job makes no progress, in its status, its events, the log and the metrics.</summary>
/// <param name="key">The job.</param>
/// <param name="journal">Its state.</param>
/// <param name="services">The services of the silo.</param>
/// <param name="withTimes">Returns the job with its present times: during a long wait nothing else saves them.</param>
internal sealed class JobStalls(JobKey key, JobJournal journal, JobServices services, Func<JobRecord, JobRecord> withTimes)
{
    private const string NoProgress = "no_progress";
    private static readonly TimeSpan RepeatAfter = TimeSpan.FromSeconds(5);

    private TimeSpan _waited;
    private long? _waitingSince;
    private long _answeredAt = services.Time.GetTimestamp();
    private (string Code, long At) _reported = ("", 0);

    /// <summary>Why the job makes no progress; null while it does.</summary>
    public string? Because { get; private set; }

    /// <summary>
    /// How long the job has made no progress because something was waited for. A silence does not count: the model may be slow, and works.
    /// </summary>
    public TimeSpan Waited => _waited + (_waitingSince is { } since ? services.Time.GetElapsedTime(since) : TimeSpan.Zero);

    /// <summary>Reports a stall, once, when no worker has answered for longer than <see cref="JobOptions.StallAfter"/>.</summary>
    public void CheckForSilence()
    {
        if (Because is null && services.Time.GetElapsedTime(_answeredAt) >= services.Options.StallAfter)
        {
            Stalled(NoProgress, $"No batch got an answer for {services.Options.StallAfter.TotalSeconds:0} s.");
        }
    }

    public void Stalled(string code, string message)
    {
        var repeated = Because is not null && _reported.Code == code && services.Time.GetElapsedTime(_reported.At) < RepeatAfter;
        Because = message;
        if (code != NoProgress)
        {
            _waitingSince ??= services.Time.GetTimestamp();
        }

        services.Instruments.Stalled(code);
        if (repeated)
        {
            // Every batch in flight reports the same wait; one event is enough.
            return;
        }

        _reported = (code, services.Time.GetTimestamp());
        JobLog.Stalled(services.Logger, key, message, code);
        _ = AddEventAsync(code, message);
    }

    /// <summary>A worker answered: ends the silence, but not another reason for the stall.</summary>
    public void Answered()
    {
        _answeredAt = services.Time.GetTimestamp();
        if (_reported.Code == NoProgress)
        {
            Because = null;
        }
    }

    /// <summary>Something was committed: ends any stall.</summary>
    public void Progressed()
    {
        Because = null;
        _waited = Waited;
        _waitingSince = null;
        Answered();
    }

    private async Task AddEventAsync(string code, string message)
    {
        try
        {
            await journal.UpdateAsync(present => present.State == JobState.Running
                ? withTimes(present).WithEvent(JobEventKind.Stalled, services.Time.GetUtcNow(), code, message)
                : present);
        }
        catch (Exception exception)
        {
            // Only the event is lost; the stall itself is handled elsewhere.
            JobLog.NotPublished(services.Logger, exception, key);
        }
    }
}
