namespace Quiver.Core.Jobs;

/// <summary>What can happen to a job's state.</summary>
public enum JobTrigger
{
    /// <summary>It is the job's turn.</summary>
    Admit = 1,

    /// <summary>A command.</summary>
    Pause = 2,

    /// <summary>A command.</summary>
    Resume = 3,

    /// <summary>A command.</summary>
    Cancel = 4,

    /// <summary>A command.</summary>
    Retry = 5,

    /// <summary>The source ended, everything read is stored, no document failed and the counts add up.</summary>
    Complete = 6,

    /// <summary>As <see cref="Complete"/>, with something to report.</summary>
    CompleteWithWarnings = 7,

    /// <summary>It cannot go on.</summary>
    Fail = 8,

    /// <summary>It cannot go on until somebody has made room and says so.</summary>
    Suspend = 9,
}
