namespace Quiver.GrainInterfaces.Collections;

/// <summary>What comparing the ledger with the vector store found in one page of documents, or in all.</summary>
[GenerateSerializer, Immutable, Alias("quiver.verify-report.v1")]
public sealed record VerifyReport
{
    /// <summary>Documents compared.</summary>
    [Id(0)]
    public long Documents { get; init; }

    /// <summary>Points that should be there.</summary>
    [Id(1)]
    public long ExpectedPoints { get; init; }

    /// <summary>Points that are missing.</summary>
    [Id(2)]
    public long MissingPoints { get; init; }

    /// <summary>Points that no document accounts for.</summary>
    [Id(3)]
    public long SurplusPoints { get; init; }

    /// <summary>Documents left half-written by a stopped job.</summary>
    [Id(4)]
    public long UnfinishedDocuments { get; init; }

    /// <summary>Documents marked so that the next job stores them again, and surplus points deleted; 0 without repair.</summary>
    [Id(5)]
    public long Repaired { get; init; }

    /// <summary>Ids of the first 100 documents with a difference.</summary>
    [Id(6)]
    public ImmutableArray<string> Differing { get; init; } = [];

    /// <summary>What to ask for the next page with; null when all is done.</summary>
    [Id(7)]
    public string? Next { get; init; }

    /// <summary>True when ledger and store agree.</summary>
    public bool IsConsistent => MissingPoints == 0 && SurplusPoints == 0 && UnfinishedDocuments == 0;
}
