
using Quiver.Core.Jobs;

namespace Quiver.Tests.Support;

/// <summary>Makes job records for tests.</summary>
internal static class JobSamples
{
    public static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static JobSpec Spec(string tenant = "acme", string collection = "docs") => new()
    {
        Tenant = TenantId.Parse(tenant),
        Collection = CollectionName.Parse(collection),
        Source = new SourceSpec { Paths = ["/data"] },
    };

    public static JobRecord Record(JobState state = JobState.Queued) => JobRecord.Create(JobId.Parse("job-1"), Spec(), Start) with
    {
        State = state,
        StartedAt = state == JobState.Queued ? null : Start.AddMinutes(1),
        FinishedAt = state.IsFinal() ? Start.AddMinutes(2) : null,
        ErrorCode = state == JobState.Failed ? "disk_full" : null,
        ErrorMessage = state is JobState.Failed or JobState.CompletedWithWarnings ? "Something." : null,
    };
}
