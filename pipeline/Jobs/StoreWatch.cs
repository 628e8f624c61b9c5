namespace Quiver.Pipeline.Jobs;

/// <summary>What a job knows of the process that takes its points: one that was started anew may have lost what it had acknowledged last.</summary>
public sealed record StoreWatch
{
    /// <summary>The process that everything written so far was seen by, or checked with.</summary>
    public required string Instance { get; init; }

    /// <summary>True while it is being found out what another process lacks; a job that is stopped then has not seen all of it.</summary>
    public bool Checking { get; init; }

    /// <summary>How often the job has begun again because of points that were lost.</summary>
    public int Rounds { get; init; }

    /// <summary>Documents with points that were lost and are not stored again.</summary>
    public long Lost { get; init; }

    /// <summary>Whether points that the job deleted may be back.</summary>
    public bool DeletionsInDoubt { get; init; }

    /// <summary>What whoever asked for the job must know; null for nothing.</summary>
    /// <param name="collection">The job's collection.</param>
    public string? Warn(CollectionName collection)
    {
        List<string> doubts = [];
        if (Lost > 0)
        {
            doubts.Add($"points of {Lost} documents are missing");
        }

        if (DeletionsInDoubt)
        {
            doubts.Add("points that the job had deleted may be back");
        }

        return doubts.Count == 0
            ? null
            : $"The vector store was restarted while the job ran and lost its last writes: {string.Join(", and ", doubts)}. Run 'quiver collections verify {collection} --repair'.";
    }
}
