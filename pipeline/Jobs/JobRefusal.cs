namespace Quiver.Pipeline.Jobs;

/// <summary>A trigger that the state does not allow.</summary>
/// <param name="Job">The job.</param>
/// <param name="State">Its state.</param>
/// <param name="Trigger">What was tried.</param>
/// <param name="Allowed">Commands that the state allows.</param>
public sealed record JobRefusal(JobId Job, JobState State, JobTrigger Trigger, ImmutableArray<JobTrigger> Allowed)
{
    /// <summary>One sentence that says what to do instead.</summary>
    public override string ToString()
    {
        var allowed = Allowed.IsEmpty
            ? "nothing can be done with it any more"
            : $"what can be done is: {string.Join(", ", Allowed).ToLowerInvariant()}";
        return $"Job {Job} is {State.InWords()}, so it cannot {Verb}; {allowed}.";
    }

    private string Verb => Trigger switch
    {
        JobTrigger.Complete or JobTrigger.CompleteWithWarnings => "complete",
        var command => command.ToString().ToLowerInvariant(),
    };
}
