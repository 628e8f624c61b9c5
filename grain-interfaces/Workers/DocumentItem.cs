namespace Quiver.GrainInterfaces.Workers;

/// <summary>One record of the source: a document, or the reason why there is none.</summary>
[GenerateSerializer, Immutable, Alias("quiver.document-item.v1")]
public sealed record DocumentItem
{
    /// <summary>Its 0-based place in the source.</summary>
    [Id(0)]
    public required long Ordinal { get; init; }

    /// <summary>Its id, unique in the collection; 1 to 1,024 characters.</summary>
    [Id(1)]
    public required string Id { get; init; }

    /// <summary>The part of the source that it belongs to; what <see cref="SyncMode.Mirror"/> compares within.</summary>
    [Id(2)]
    public required string Origin { get; init; }

    /// <summary>Its text; empty when there is a fault.</summary>
    [Id(3)]
    public string Text { get; init; } = "";

    /// <summary>How to cut it: <see cref="DocumentFormat.Text"/>, <see cref="DocumentFormat.Markdown"/> or <see cref="DocumentFormat.Code"/>.</summary>
    [Id(4)]
    public DocumentFormat Format { get; init; } = DocumentFormat.Text;

    /// <summary>Its other fields, kept in the payload; at most 64, each value at most 4,096 characters.</summary>
    [Id(5)]
    public ImmutableDictionary<string, string> Metadata { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>True when the id comes from a field of the record, so that another source may take the document over.</summary>
    [Id(6)]
    public bool HasExplicitId { get; init; }

    /// <summary>Why the record is no document: a code of <see cref="ErrorCodes"/>.</summary>
    [Id(7)]
    public string? FaultCode { get; init; }

    /// <summary>The sentence beside <see cref="FaultCode"/>.</summary>
    [Id(8)]
    public string? FaultReason { get; init; }

    /// <summary>Bytes that it took in the source.</summary>
    [Id(9)]
    public long SourceBytes { get; init; }

    /// <summary>
    /// True when the fault may stand for other documents than the one that <see cref="Id"/> names (a folder, a file of many records, a record
    /// whose id cannot be read), so that a mirroring job must not take what it did not see for gone.
    /// </summary>
    [Id(10)]
    public bool HidesOthers { get; init; }

    /// <summary>
    /// True when this is no document but the news that an object of the source was replaced or deleted while it was read, in the place where
    /// reading it again begins.
    /// </summary>
    [Id(11)]
    public bool SourceChanged { get; init; }

    /// <summary>How often its object was begun anew before it was read: above 0 it may repeat what an earlier version of the object had.</summary>
    [Id(12)]
    public int Rereads { get; init; }
}
