namespace Quiver.Core.Jobs;

/// <summary>What the machine makes of a trigger: exactly one of the two is set.</summary>
/// <param name="Next">The next record, equal to the present one when nothing changes.</param>
/// <param name="Refusal">Why it is not allowed.</param>
public readonly record struct JobDecision(JobRecord? Next, JobRefusal? Refusal)
{
    /// <summary>The next record.</summary>
    /// <exception cref="ConflictException">It was refused; with <see cref="ErrorCodes.IllegalTransition"/>.</exception>
    public JobRecord NextOrThrow() => Next ?? throw new ConflictException(ErrorCodes.IllegalTransition, Refusal!.ToString());
}
