namespace Quiver.Core.Tenants;

/// <summary>A submission's token.</summary>
/// <param name="Token">As the caller gave it.</param>
/// <param name="Job">The job it led to.</param>
public sealed record IdempotencyToken(string Token, JobId Job);
