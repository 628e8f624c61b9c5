namespace Quiver.Grains.Jobs;

/// <summary>Whether a job makes progress, and why not; told in its status, its history, the log and the metrics.</summary>
internal sealed class JobStalls(JobKey key, JobJournal journal, JobServices services)
{
    private const string Silence = "no_progress";
    private static readonly TimeSpan RepeatAfter = TimeSpan.FromSeconds(5);

    private long _answeredAt = services.Time.GetTimestamp();
    private (string Code, long At) _told = ("", 0);

    /// <summary>Why there is no progress at the moment; null while there is.</summary>
    public string? Because { get; private set; }

    /// <summary>Tells of a silence, once, when no worker answered for longer than the options allow.</summary>
    public void CheckForSilence()
    {
        if (Because is null && services.Time.GetElapsedTime(_answeredAt) >= services.Options.StallAfter)
        {
            Stalled(Silence, $"No batch got an answer for {services.Options.StallAfter.TotalSeconds:0} s.");
        }
    }

    public void Stalled(string code, string message)
    {
        var repeated = Because is not null && _told.Code == code && services.Time.GetElapsedTime(_told.At) < RepeatAfter;
        Because = message;
        services.Instruments.Stalled(code);
        if (repeated)
        {
            // Each batch in flight meets the same wait; the history needs it once.
            return;
        }

        _told = (code, services.Time.GetTimestamp());
        JobLog.Stalled(services.Logger, key, message, code);
        _ = TellAsync(code, message);
    }

    /// <summary>A worker answered: the silence is over, though something else that the job waits for may still hold it up.</summary>
    public void Answered()
    {
        _answeredAt = services.Time.GetTimestamp();
        if (_told.Code == Silence)
        {
            Because = null;
        }
    }

    /// <summary>Something was committed: nothing holds the job up.</summary>
    public void Progressed()
    {
        Because = null;
        Answered();
    }

    private async Task TellAsync(string code, string message)
    {
        try
        {
            await journal.UpdateAsync(present => present.State == JobState.Running
                ? present.WithEvent(JobEventKind.Stalled, services.Time.GetUtcNow(), code, message)
                : present);
        }
        catch (Exception e)
        {
            // The stall itself goes on being handled; what matters here is only that it could not be told.
            JobLog.NotTold(services.Logger, e, key);
        }
    }
}
