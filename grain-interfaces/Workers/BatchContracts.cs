namespace Quiver.GrainInterfaces.Workers;

/// <summary>One record of the source: a document, or the reason why the record is not one.</summary>
[GenerateSerializer, Immutable, Alias("quiver.document-item.v1")]
public sealed record Document
{
    /// <summary>Its 0-based position in the source.</summary>
    [Id(0)] public required long Ordinal { get; init; }

    /// <summary>Its id, unique in the collection; 1 to 1,024 characters.</summary>
    [Id(1)] public required string Id { get; init; }

    /// <summary>The part of the source that it belongs to; <see cref="SyncMode.Mirror"/> compares within an origin.</summary>
    [Id(2)] public required string Origin { get; init; }

    /// <summary>Its text; empty when there is a fault.</summary>
    [Id(3)] public string Text { get; init; } = "";

    /// <summary>
    /// How to chunk it: <see cref="DocumentFormat.Text"/>, <see cref="DocumentFormat.Markdown"/> or <see cref="DocumentFormat.Code"/>.
    /// </summary>
    [Id(4)] public DocumentFormat Format { get; init; } = DocumentFormat.Text;

    /// <summary>Its other fields, kept in the payload; at most 64, each value at most 4,096 characters.</summary>
    [Id(5)] public ImmutableDictionary<string, string> Metadata { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>True when the id comes from a field of the record: another source may then take the document over.</summary>
    [Id(6)] public bool HasExplicitId { get; init; }

    /// <summary>Why the record is not a document: a code of <see cref="ErrorCodes"/>.</summary>
    [Id(7)] public string? FaultCode { get; init; }

    /// <summary>A sentence that explains <see cref="FaultCode"/>.</summary>
    [Id(8)] public string? FaultReason { get; init; }

    /// <summary>Bytes of the record in the source.</summary>
    [Id(9)] public long SourceBytes { get; init; }

    /// <summary>
    /// True when the fault may hide documents other than the one that <see cref="Id"/> names: a folder, a file of many records, a record
    /// without a readable id. A mirroring job then deletes nothing.
    /// </summary>
    [Id(10)] public bool HidesOthers { get; init; }

    /// <summary>
    /// True for a marker without a document: an object of the source was replaced or deleted while it was read, and is now read again.
    /// </summary>
    [Id(11)] public bool SourceChanged { get; init; }

    /// <summary>How often reading of its object was restarted. Above 0, the document may repeat one from an earlier version of the object.</summary>
    [Id(12)] public int Rereads { get; init; }

    /// <summary>The first UTF-16 character of <see cref="Text"/> to store; what is before it, such as front matter, is not. Default: 0.</summary>
    [Id(13)] public int TextStart { get; init; }
}

/// <summary>A request to chunk, embed and store a batch of documents.</summary>
[GenerateSerializer, Immutable, Alias("quiver.batch-request.v1")]
public sealed record BatchRequest
{
    /// <summary>The job.</summary>
    [Id(0)] public required JobKey Job { get; init; }

    /// <summary>The target collection; null in a dry run whose collection does not exist.</summary>
    [Id(1)] public CollectionBinding? Binding { get; init; }

    /// <summary>The documents, by ordinal.</summary>
    [Id(2)] public required ImmutableArray<Document> Documents { get; init; }

    /// <summary>How to treat known documents.</summary>
    [Id(3)] public required SyncMode Sync { get; init; }

    /// <summary>The maximum number of tokens in a chunk.</summary>
    [Id(4)] public required int MaxTokens { get; init; }

    /// <summary>Tokens that a chunk repeats from the previous one.</summary>
    [Id(5)] public required int OverlapTokens { get; init; }

    /// <summary>The generation of the documents and points to write.</summary>
    [Id(6)] public required long Generation { get; init; }

    /// <summary>The epoch of the job's activation: writes of a lower epoch are refused once a higher one has written.</summary>
    [Id(7)] public required long Epoch { get; init; }

    /// <summary>Count only, write nothing.</summary>
    [Id(8)] public bool DryRun { get; init; }

    /// <summary>Where chunking of the first document continues; its earlier chunks are stored. Default: null, the document's start.</summary>
    [Id(9)] public ChunkCursor? From { get; init; }

    /// <summary>When the job first ran: documents of this generation stored since then were stored by this job before an interruption.</summary>
    [Id(10)] public required DateTimeOffset JobStartedAt { get; init; }

    /// <summary>The embedding model, with its revision; null takes the model that <see cref="Binding"/> names.</summary>
    [Id(11)] public string? Model { get; init; }

    /// <summary>Batches of the job that may use the model at the same time on this silo; 0 for no limit.</summary>
    [Id(12)] public int MaxAtModel { get; init; }

    /// <summary>Whether the model has accepted texts of the job before, in any process.</summary>
    [Id(13)] public bool WasAccepted { get; init; }

    /// <summary>Whether title and headings are embedded with each chunk.</summary>
    [Id(14)] public bool EmbedContext { get; init; }

    /// <summary>Where chunks end.</summary>
    [Id(15)] public ChunkingStrategy Strategy { get; init; } = ChunkingStrategy.Structure;
}

/// <summary>The result of a batch; everything that it counts is stored and acknowledged.</summary>
[GenerateSerializer, Immutable, Alias("quiver.batch-result.v1")]
public sealed record BatchResult
{
    /// <summary>What was done. Model usage is in <see cref="Usage"/> instead, because failed attempts use the model too.</summary>
    [Id(0)] public required JobCounters Counters { get; init; }

    /// <summary>Where the next call continues in its first document, which this call only started; null for the document's start.</summary>
    [Id(1)] public ChunkCursor? NextChunk { get; init; }

    /// <summary>
    /// The index in <see cref="BatchRequest.Documents"/> of the first document left for the next call; null when the batch is finished.
    /// </summary>
    [Id(2)] public int? NextDocument { get; init; }

    /// <summary>What the job has used of its model on this silo, this batch included; null when nothing measures it.</summary>
    [Id(3)] public UsageReading? Usage { get; init; }
}

/// <summary>
/// Where chunking of a document continues: the chunker's state before a chunk. A large document takes several calls, and no call chunks again
/// what an earlier one did.
/// </summary>
[GenerateSerializer, Immutable, Alias("quiver.chunk-place.v1")]
public sealed record ChunkCursor
{
    /// <summary>The start of a document.</summary>
    public static ChunkCursor Start { get; } = new();

    /// <summary>The number of the next chunk, 0-based.</summary>
    [Id(0)] public int Number { get; init; }

    /// <summary>UTF-16 characters of the document that earlier chunks cover.</summary>
    [Id(1)] public int Covered { get; init; }

    /// <summary>The character at which the next chunk starts to repeat the previous one; negative for no overlap.</summary>
    [Id(2)] public int Overlap { get; init; } = -1;

    /// <summary>The first character of the previous chunk.</summary>
    [Id(3)] public int LastStart { get; init; }

    /// <summary>The 1-based line of <see cref="LastStart"/>.</summary>
    [Id(4)] public int LastLine { get; init; } = 1;

    /// <summary>The characters per token seen so far, used to estimate the next chunk's length.</summary>
    [Id(5)] public double CharactersPerToken { get; init; } = 4;
}
