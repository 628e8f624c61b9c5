namespace Quiver.Embedded.Hosting;

/// <summary>Settings of the embedded runtime.</summary>
public sealed class EmbeddedOptions
{
    /// <summary>How long a caller waits for a response before it gets a <see cref="TimeoutException"/>. Default: 30 seconds.</summary>
    public TimeSpan ResponseTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long loading state and <c>OnActivateAsync</c> may take. Default: 30 seconds.</summary>
    public TimeSpan ActivationTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long <c>OnDeactivateAsync</c> may take before it is abandoned. Default: 30 seconds.</summary>
    public TimeSpan DeactivationTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long stopping may take: requests in flight, then deactivations. Default: 30 seconds.</summary>
    public TimeSpan StopTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an activation may be idle before it is deactivated. Default: 15 minutes.</summary>
    public TimeSpan CollectionAge { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How often idle activations are looked for. Default: 1 minute.</summary>
    public TimeSpan CollectionQuantum { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How often response deadlines are looked at; a timeout is late by up to twice this. Default: 250 milliseconds.</summary>
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The shortest period of a reminder. Default: 1 minute.</summary>
    public TimeSpan MinimumReminderPeriod { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Whether reminders tick. Without, they can be registered and removed, but wake nobody: for one-shot commands. Default: true.</summary>
    public bool StartReminders { get; set; } = true;

    /// <summary>The most calls that wait for one grain; more are refused. Default: 10,000.</summary>
    public int MaxQueuedCalls { get; set; } = 10_000;

    /// <summary>The most items that wait for one stream subscriber; beyond, the oldest is dropped. Default: 1,024.</summary>
    public int StreamQueueCapacity { get; set; } = 1_024;

    internal bool IsValid() =>
        ResponseTimeout > TimeSpan.Zero && ActivationTimeout > TimeSpan.Zero && DeactivationTimeout > TimeSpan.Zero && StopTimeout > TimeSpan.Zero
        && CollectionAge > TimeSpan.Zero && CollectionQuantum > TimeSpan.Zero && Heartbeat > TimeSpan.Zero && MinimumReminderPeriod > TimeSpan.Zero
        && MaxQueuedCalls > 0 && StreamQueueCapacity > 0;
}
