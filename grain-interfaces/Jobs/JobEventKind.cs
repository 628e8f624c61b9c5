namespace Quiver.GrainInterfaces.Jobs;

/// <summary>What an event tells.</summary>
[GenerateSerializer, Alias("quiver.job-event-kind.v1")]
public enum JobEventKind
{
    /// <summary>The job entered another state.</summary>
    StateChanged = 1,

    /// <summary>The committed prefix grew.</summary>
    BatchCommitted = 2,

    /// <summary>Somebody gave a command.</summary>
    CommandReceived = 3,

    /// <summary>Progress stopped for a reason that the message gives.</summary>
    Stalled = 4,
}
