namespace Quiver.Client.Requests;

/// <summary>What a job left behind for people.</summary>
/// <param name="Job">The job.</param>
/// <param name="Failures">How many failed documents were written.</param>
/// <param name="Artifacts">All of its artifacts by name.</param>
public sealed record JobExport(JobId Job, long Failures, ImmutableArray<ArtifactLink> Artifacts);
