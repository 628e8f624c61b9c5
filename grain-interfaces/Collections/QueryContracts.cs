namespace Quiver.GrainInterfaces.Collections;

/// <summary>How a search finds chunks.</summary>
[GenerateSerializer, Alias("quiver.search-mode.v1")]
public enum SearchMode
{
    /// <summary>By the meaning and by the words, fused.</summary>
    Hybrid = 1,

    /// <summary>By the meaning: vectors near to the query's vector.</summary>
    Dense = 2,

    /// <summary>By the words of the query, weighted by BM25.</summary>
    Lexical = 3,
}

/// <summary>A search in a collection.</summary>
[GenerateSerializer, Immutable, Alias("quiver.search-request.v1")]
public sealed record SearchRequest
{
    /// <summary>The maximum length of a query, in characters.</summary>
    public const int MaxQueryLength = 8192;

    /// <summary>The maximum number of hits.</summary>
    public const int MaxLimit = 1000;

    /// <summary>The maximum number of filters of a search or a facet count.</summary>
    public const int MaxFilters = 16;

    /// <summary>The default of <see cref="LexicalWeight"/>.</summary>
    public const double DefaultLexicalWeight = 0.4;

    /// <summary>The text to search for, 1 to <see cref="MaxQueryLength"/> characters.</summary>
    [Id(0)] public required string Query { get; init; }

    /// <summary>The maximum number of hits, 1 to <see cref="MaxLimit"/>. Default: 10.</summary>
    [Id(1)] public int Limit { get; init; } = 10;

    /// <summary>Payload fields that must equal the given values; all must match. At most <see cref="MaxFilters"/>.</summary>
    [Id(2)] public ImmutableDictionary<string, string> Filter { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>
    /// The score threshold: hits with a lower score are left out. Dense: −1 to 1 for cosine, any number for dot; 0 or more for Euclidean and
    /// Manhattan distance, where hits with a higher score are left out. Hybrid: 0 to 1. Lexical: 0 or more. Null keeps all.
    /// </summary>
    [Id(3)] public float? ScoreThreshold { get; init; }

    /// <summary>
    /// How chunks are found. Default: hybrid, or dense where the store cannot search for words yet or at all; dense with a
    /// <see cref="ScoreThreshold"/>. <see cref="SearchResult.Mode"/> says which mode was used.
    /// </summary>
    [Id(4)] public SearchMode? Mode { get; init; }

    /// <summary>The weight of the words in a hybrid search, 0 to 1; the vectors have the rest. Default: 0.4.</summary>
    [Id(5)] public double? LexicalWeight { get; init; }
}

/// <summary>The answer to a search.</summary>
[GenerateSerializer, Immutable, Alias("quiver.search-result.v1")]
public sealed record SearchResult
{
    /// <summary>The mode that was used.</summary>
    [Id(0)] public required SearchMode Mode { get; init; }

    /// <summary>The chunks that fit the query best, best first.</summary>
    [Id(1)] public required ImmutableArray<SearchHit> Hits { get; init; }

    /// <summary>What limits the worth of the hits, such as why it is not a hybrid search; empty for nothing.</summary>
    [Id(2)] public ImmutableArray<SearchNote> Notes { get; init; } = [];
}

/// <summary>The place of a hit in one half of a search.</summary>
/// <param name="Rank">1 for the best.</param>
/// <param name="Score">The score in that half: as the collection's distance measures it for vectors, of BM25 for words.</param>
[GenerateSerializer, Immutable, Alias("quiver.hit-rank.v1")]
public sealed record HitRank([property: Id(0)] int Rank, [property: Id(1)] float Score);

/// <summary>A part of a text.</summary>
/// <param name="Start">Its first character, 0-based, counted in UTF-16 code units.</param>
/// <param name="End">One past its last character.</param>
[GenerateSerializer, Immutable, Alias("quiver.text-range.v1")]
public readonly record struct TextRange([property: Id(0)] int Start, [property: Id(1)] int End);

/// <summary>A note about an answer.</summary>
/// <param name="Code">A constant of <see cref="SearchNoteCodes"/>.</param>
/// <param name="Message">A sentence.</param>
[GenerateSerializer, Immutable, Alias("quiver.search-note.v1")]
public sealed record SearchNote([property: Id(0)] string Code, [property: Id(1)] string Message);

/// <summary>The codes of notes about an answer.</summary>
public static class SearchNoteCodes
{
    /// <summary>The query is longer than the model takes; its beginning was searched for.</summary>
    public const string QueryTruncated = "query_truncated";

    /// <summary>The model does not know most of the query, such as one in a script that it was not made for.</summary>
    public const string QueryUnknown = "query_unknown";

    /// <summary>The store cannot search for words, or not yet: the hits were found by their vectors.</summary>
    public const string VectorsOnly = "vectors_only";
}

/// <summary>A chunk found by a search.</summary>
[GenerateSerializer, Immutable, Alias("quiver.search-hit.v1")]
public sealed record SearchHit
{
    /// <summary>The point.</summary>
    [Id(0)] public required Guid Id { get; init; }

    /// <summary>
    /// The score. Dense: as the collection's distance measures it, which is the cosine similarity from −1 to 1 by default; the dot product,
    /// higher is nearer; for Euclidean and Manhattan distance the distance itself, from 0, lower is nearer. Hybrid: 0 to 1, comparable only
    /// within one answer. Lexical: that of BM25, above 0.
    /// </summary>
    [Id(1)] public required float Score { get; init; }

    /// <summary>Its document.</summary>
    [Id(2)] public required string DocumentId { get; init; }

    /// <summary>The chunk's 0-based number within the document.</summary>
    [Id(3)] public required int Chunk { get; init; }

    /// <summary>The chunk's text.</summary>
    [Id(4)] public required string Text { get; init; }

    /// <summary>The chunk's first line in its document, 1-based.</summary>
    [Id(5)] public int StartLine { get; init; }

    /// <summary>The chunk's last line.</summary>
    [Id(6)] public int EndLine { get; init; }

    /// <summary>The document's other fields.</summary>
    [Id(7)] public ImmutableDictionary<string, string> Metadata { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Its place among the vectors; null when it is not among the candidates, or the mode is lexical.</summary>
    [Id(8)] public HitRank? Dense { get; init; }

    /// <summary>Its place by words; null when it is not among the candidates, or the mode is dense.</summary>
    [Id(9)] public HitRank? Lexical { get; init; }

    /// <summary>
    /// Where <see cref="Text"/> has words of the query, ascending, at most 64; empty in the mode dense. The text is not escaped: escape each part when
    /// it is shown.
    /// </summary>
    [Id(10)] public ImmutableArray<TextRange> Highlights { get; init; } = [];

    /// <summary>The document's title; null for none.</summary>
    [Id(11)] public string? Title { get; init; }

    /// <summary>
    /// The headings that the chunk is below, outermost first, with the one that it begins with; in a later part of a table the table's head
    /// is the last. In code: the types and functions that it is in.
    /// </summary>
    [Id(12)] public ImmutableArray<string> Headings { get; init; } = [];
}

/// <summary>Counts how many points of a collection have each value of a field.</summary>
[GenerateSerializer, Immutable, Alias("quiver.facet-request.v1")]
public sealed record FacetRequest
{
    /// <summary>The maximum number of values.</summary>
    public const int MaxLimit = 1000;

    /// <summary>The field: <c>document_id</c>, <c>title</c>, <c>generation</c>, or a field of the documents' metadata.</summary>
    [Id(0)] public required string Field { get; init; }

    /// <summary>The maximum number of values, 1 to <see cref="MaxLimit"/>. Default: 10.</summary>
    [Id(1)] public int Limit { get; init; } = 10;

    /// <summary>
    /// Payload fields that must equal the given values for a point to count, as in <see cref="SearchRequest.Filter"/>. At most
    /// <see cref="SearchRequest.MaxFilters"/>.
    /// </summary>
    [Id(2)] public ImmutableDictionary<string, string> Filter { get; init; } = ImmutableDictionary<string, string>.Empty;
}

/// <summary>A value of a field and the number of points that have it.</summary>
/// <param name="Value">The value; a number in decimal digits, a Boolean as <c>true</c> or <c>false</c>.</param>
/// <param name="Points">Points that have it, 1 or more.</param>
[GenerateSerializer, Immutable, Alias("quiver.facet-value.v1")]
public sealed record FacetValue([property: Id(0)] string Value, [property: Id(1)] long Points);

/// <summary>A point as exported.</summary>
[GenerateSerializer, Immutable, Alias("quiver.exported-point.v1")]
public sealed record ExportedPoint
{
    /// <summary>The point's id.</summary>
    [Id(0)] public required Guid Id { get; init; }

    /// <summary>Its vector.</summary>
    [Id(1)] public required ImmutableArray<float> Vector { get; init; }

    /// <summary>Its payload: a JSON object, members in stored order.</summary>
    [Id(2)] public required string PayloadJson { get; init; }
}

/// <summary>The differences between the ledger and the vector store, for one page of documents or for all.</summary>
[GenerateSerializer, Immutable, Alias("quiver.verify-report.v1")]
public sealed record VerifyReport
{
    /// <summary>Documents compared.</summary>
    [Id(0)] public long Documents { get; init; }

    /// <summary>Points that should exist.</summary>
    [Id(1)] public long ExpectedPoints { get; init; }

    /// <summary>Points that are missing.</summary>
    [Id(2)] public long MissingPoints { get; init; }

    /// <summary>Points that no document explains.</summary>
    [Id(3)] public long SurplusPoints { get; init; }

    /// <summary>Documents that a stopped job left partly written.</summary>
    [Id(4)] public long UnfinishedDocuments { get; init; }

    /// <summary>Documents marked so that the next job stores them again, and surplus points deleted; 0 without repair.</summary>
    [Id(5)] public long Repaired { get; init; }

    /// <summary>Ids of the first 100 documents with a difference.</summary>
    [Id(6)] public ImmutableArray<string> Differing { get; init; } = [];

    /// <summary>The token of the next page; null on the last.</summary>
    [Id(7)] public string? Next { get; init; }

    /// <summary>True when ledger and store agree.</summary>
    public bool IsConsistent => MissingPoints == 0 && SurplusPoints == 0 && UnfinishedDocuments == 0;
}
