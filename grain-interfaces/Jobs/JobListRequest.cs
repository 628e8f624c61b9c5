namespace Quiver.GrainInterfaces.Jobs;

/// <summary>Asks for a page of a tenant's jobs, newest first.</summary>
[GenerateSerializer, Immutable, Alias("quiver.job-list-request.v1")]
public sealed record JobListRequest
{
    /// <summary>Only jobs in this state.</summary>
    [Id(0)]
    public JobState? State { get; init; }

    /// <summary>Only jobs of this collection.</summary>
    [Id(1)]
    public CollectionName? Collection { get; init; }

    /// <summary>The page's size, 1 to 1,000. Default: 50.</summary>
    [Id(2)]
    public int Limit { get; init; } = 50;

    /// <summary>The <see cref="Page{T}.Next"/> of the page before.</summary>
    [Id(3)]
    public string? After { get; init; }
}
