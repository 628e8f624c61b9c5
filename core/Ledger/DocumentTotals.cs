namespace Quiver.Core.Ledger;

/// <summary>A collection's documents, counted.</summary>
/// <param name="Documents">Documents fully stored.</param>
/// <param name="Unfinished">Documents left half-written.</param>
/// <param name="Chunks">Chunks of the former.</param>
public readonly record struct DocumentTotals(long Documents, long Unfinished, long Chunks);
