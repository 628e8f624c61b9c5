namespace Quiver.Cli.Json;

/// <summary>What the doctor found.</summary>
internal sealed record DoctorDocument(bool Healthy, ImmutableArray<DoctorCheckDocument> Checks);
