namespace Quiver.Adapters.Storage.S3;

/// <summary>A failed request to S3, understood.</summary>
/// <param name="Kind">What it means.</param>
/// <param name="Code">A code of <see cref="ErrorCodes"/>.</param>
/// <param name="Message">One sentence that says what to do; holds no secret.</param>
/// <param name="Cause">What the SDK said.</param>
internal sealed record S3Fault(S3FaultKind Kind, string Code, string Message, Exception Cause)
{
    /// <summary>How long to wait before the next attempt, where the server said so.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The error for a job that is under way.</summary>
    public QuiverException ToException() => Kind switch
    {
        S3FaultKind.Transient => new TransientException(Code, Message, Cause) { RetryAfter = RetryAfter },
        S3FaultKind.Throttled => new ThrottledException(Code, Message, Cause) { RetryAfter = RetryAfter },
        S3FaultKind.Gone or S3FaultKind.Changed or S3FaultKind.Denied or S3FaultKind.Refused or S3FaultKind.Credentials => new PermanentException(Code, Message, Cause),
        _ => throw new InvalidOperationException($"The kind {Kind} of faults is unknown."),
    };

    /// <summary>The error for a job that is about to be submitted: what the submission names is the caller's, credentials are the server's.</summary>
    public QuiverException ToRefusal() => Kind is S3FaultKind.Gone or S3FaultKind.Denied or S3FaultKind.Refused
        ? new InvalidRequestException(Code, Message, Cause)
        : ToException();
}
