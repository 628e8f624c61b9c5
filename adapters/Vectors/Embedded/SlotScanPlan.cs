namespace Quiver.Adapters.Vectors.Embedded;

/// <summary>What a scan looks at.</summary>
/// <param name="Snapshot">The state.</param>
/// <param name="Layout">How vectors lie.</param>
/// <param name="Scope">Whose points.</param>
/// <param name="Query">The query as a row.</param>
/// <param name="Allowed">Slots that pass the filter; null when there is none.</param>
internal sealed record SlotScanPlan(SlotSnapshot Snapshot, FlatLayout Layout, int Scope, float[] Query, SlotSet? Allowed);
