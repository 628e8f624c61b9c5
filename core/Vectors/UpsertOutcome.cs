namespace Quiver.Core.Vectors;

/// <summary>What the store acknowledged; both counts together are the points sent.</summary>
/// <param name="Written">Points stored, durable.</param>
/// <param name="Superseded">Points left alone because the stored one has a higher (generation, epoch).</param>
public readonly record struct UpsertOutcome(int Written, int Superseded);
