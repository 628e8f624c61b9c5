namespace Quiver.GrainInterfaces.Errors;

/// <summary>What to do about a failure.</summary>
[GenerateSerializer, Alias("quiver.fault-kind.v1")]
public enum FaultKind
{
    /// <summary>Try again with exponential backoff and full jitter.</summary>
    Transient = 1,

    /// <summary>Wait as told; the attempt does not count.</summary>
    Throttled = 2,

    /// <summary>Trying again cannot help: stop the job.</summary>
    Permanent = 3,

    /// <summary>The input is at fault: only it fails.</summary>
    InvalidInput = 4,
}
