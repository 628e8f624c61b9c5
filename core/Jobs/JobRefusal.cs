namespace Quiver.Core.Jobs;

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
        var allowed = (Allowed.IsEmpty, State, Trigger) switch
        {
            (false, _, _) => $"what can be done is: {string.Join(", ", Allowed).ToLowerInvariant()}",
            (true, JobState.CompletedWithWarnings, JobTrigger.Retry) =>
                "mend the documents and submit the job again: those that have not changed since cost nothing",
            (true, _, JobTrigger.Retry) => "submit the job again: documents that it has stored and that have not changed since cost nothing",
            _ => "nothing can be done with it any more",
        };
        return $"Job {Job} is {State.InWords()}, so it cannot {Verb}; {allowed}.";
    }

    private string Verb => Trigger switch
    {
        JobTrigger.Complete or JobTrigger.CompleteWithWarnings => "complete",
        var command => command.ToString().ToLowerInvariant(),
    };
}
