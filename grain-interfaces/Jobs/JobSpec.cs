namespace Quiver.GrainInterfaces.Jobs;

/// <summary>A request to ingest a source into a collection.</summary>
[GenerateSerializer, Immutable, Alias("quiver.job-spec.v1")]
public sealed record JobSpec
{
    /// <summary>The maximum of <see cref="MaxInFlight"/>.</summary>
    public const int MaxInFlightLimit = 64;

    /// <summary>The maximum length of <see cref="IdempotencyToken"/>, in characters.</summary>
    public const int MaxIdempotencyTokenLength = 128;

    /// <summary>Who owns the job and the collection.</summary>
    [Id(0)] public required TenantId Tenant { get; init; }

    /// <summary>Where the points go; created when it does not exist.</summary>
    [Id(1)] public required CollectionName Collection { get; init; }

    /// <summary>What to read.</summary>
    [Id(2)] public required SourceSpec Source { get; init; }

    /// <summary>How to treat known documents. Default: <see cref="SyncMode.Update"/>.</summary>
    [Id(3)] public SyncMode Sync { get; init; } = SyncMode.Update;

    /// <summary>How to chunk documents.</summary>
    [Id(4)] public ChunkingSpec Chunking { get; init; } = new();

    /// <summary>Batches in flight at a time, 1 to <see cref="MaxInFlightLimit"/>; null takes the silo's default.</summary>
    [Id(5)] public int? MaxInFlight { get; init; }

    /// <summary>The maximum ratio of failed documents, 0 to 1; null takes the silo's default.</summary>
    [Id(6)] public double? MaxFailureRatio { get; init; }

    /// <summary>Count documents, chunks and tokens, write nothing. Default: false.</summary>
    [Id(7)] public bool DryRun { get; init; }

    /// <summary>
    /// The caller's token; a second submission of the same spec with it returns the first job, one of another spec is refused. At most
    /// <see cref="MaxIdempotencyTokenLength"/> characters.
    /// </summary>
    [Id(8)] public string? IdempotencyToken { get; init; }

    /// <summary>The W3C trace context of the submission, linked by the job's spans.</summary>
    [Id(9)] public string? TraceParent { get; init; }
}

/// <summary>What a job reads.</summary>
[GenerateSerializer, Immutable, Alias("quiver.source-spec.v1")]
public sealed record SourceSpec
{
    /// <summary>The kind of source: <c>files</c>, <c>s3</c> or <c>postgres</c>.</summary>
    [Id(0)] public string Kind { get; init; } = "files";

    /// <summary>
    /// Files and folders, absolute or relative to the silo's working directory, or objects and prefixes as <c>s3://bucket/key</c> and
    /// <c>s3://bucket/prefix/</c>. At least one, at most 1,000. Of kind <c>postgres</c> one <c>postgres://host:port/database</c>, or
    /// <c>postgres://name</c> for a connection of the silo's settings; never with a password.
    /// </summary>
    [Id(1)] public ImmutableArray<string> Paths { get; init; } = [];

    /// <summary>
    /// A name that replaces the source's location. Documents belong to the source that they came from; without a name, that is each
    /// path's absolute form. Set a name when the same data move between locations. Ids of a single named folder's documents are then
    /// paths within it, without the folder's own name. Default: null.
    /// </summary>
    [Id(2)] public string? Name { get; init; }

    /// <summary>How files become documents. Default: <see cref="DocumentFormat.Auto"/>.</summary>
    [Id(3)] public DocumentFormat Format { get; init; } = DocumentFormat.Auto;

    /// <summary>The field of a JSON record that holds its id; null derives ids from file and position.</summary>
    [Id(4)] public string? IdField { get; init; }

    /// <summary>The field of a JSON record that holds its text; null takes <c>text</c>.</summary>
    [Id(5)] public string? TextField { get; init; }

    /// <summary>Globs relative to a folder, with <c>*</c>, <c>?</c> and <c>**</c>; when given, only matching files are read.</summary>
    [Id(6)] public ImmutableArray<string> Include { get; init; } = [];

    /// <summary>Globs of files to exclude.</summary>
    [Id(7)] public ImmutableArray<string> Exclude { get; init; } = [];

    /// <summary>Whether to leave out what <c>.gitignore</c> files exclude. <c>.git</c> is always left out. Default: true.</summary>
    [Id(8)] public bool HonourGitIgnore { get; init; } = true;

    /// <summary>The largest document in bytes, 1 to 67,108,864; null takes the silo's default. A larger document fails alone.</summary>
    [Id(9)] public long? MaxDocumentBytes { get; init; }

    /// <summary>The table or view of kind <c>postgres</c>; null for the others.</summary>
    [Id(20)] public TableSpec? Table { get; init; }
}

/// <summary>The table or view that a job reads, row by row in key order.</summary>
[GenerateSerializer, Immutable, Alias("quiver.table-spec.v1")]
public sealed record TableSpec
{
    /// <summary>The schema. Default: <c>public</c>.</summary>
    [Id(0)] public string Schema { get; init; } = "public";

    /// <summary>The table or view, spelled as in the catalogue.</summary>
    [Id(1)] public required string Name { get; init; }

    /// <summary>The columns that identify and order rows; never null. Empty takes the primary key, which a view does not have. At most 16.</summary>
    [Id(2)] public ImmutableArray<string> KeyColumns { get; init; } = [];

    /// <summary>The columns that form a document's id. Empty derives ids from the table's name and key. At most 16.</summary>
    [Id(3)] public ImmutableArray<string> IdColumns { get; init; } = [];

    /// <summary>The text columns, joined by blank lines; null columns are left out. Empty takes <c>text</c>. At most 16.</summary>
    [Id(4)] public ImmutableArray<string> TextColumns { get; init; } = [];

    /// <summary>The columns to keep as metadata. Default: none. At most 61.</summary>
    [Id(5)] public ImmutableArray<string> MetadataColumns { get; init; } = [];

    /// <summary>
    /// An SQL condition that rows must meet, without parameters, comments and semicolons; null takes all rows. At most 4,096 characters.
    /// </summary>
    [Id(6)] public string? Where { get; init; }

    /// <summary>The column that <see cref="Since"/> bounds; null when <see cref="Since"/> is null.</summary>
    [Id(7)] public string? SinceColumn { get; init; }

    /// <summary>
    /// The lower bound of <see cref="SinceColumn"/>, inclusive, in the database's notation; rows below it or without a value are not read.
    /// </summary>
    [Id(8)] public string? Since { get; init; }

    /// <summary>Compares by value, lists by their items.</summary>
    public bool Equals(TableSpec? other) =>
        other is not null
        && (Schema, Name, Where, SinceColumn, Since) == (other.Schema, other.Name, other.Where, other.SinceColumn, other.Since)
        && Same(KeyColumns, other.KeyColumns)
        && Same(IdColumns, other.IdColumns)
        && Same(TextColumns, other.TextColumns)
        && Same(MetadataColumns, other.MetadataColumns);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Schema, Name, Where, SinceColumn, Since);

    private static bool Same(ImmutableArray<string> one, ImmutableArray<string> other) => one.AsSpan().SequenceEqual(other.AsSpan());
}

/// <summary>How documents are chunked.</summary>
[GenerateSerializer, Immutable, Alias("quiver.chunking-spec.v1")]
public sealed record ChunkingSpec
{
    /// <summary>The maximum number of tokens in a chunk, from 8 to the model's limit; null takes the model's recommendation.</summary>
    [Id(0)] public int? MaxTokens { get; init; }

    /// <summary>Tokens that a chunk repeats from the previous one, 0 to half of <see cref="MaxTokens"/>; null takes the silo's default.</summary>
    [Id(1)] public int? OverlapTokens { get; init; }

    /// <summary>
    /// Whether title and headings are embedded with each chunk. A collection that the job creates takes this setting, true by default; an
    /// existing one must have it already. Null takes the collection's.
    /// </summary>
    [Id(2)] public bool? EmbedContext { get; init; }

    /// <summary>Where chunks end; null takes <see cref="ChunkingStrategy.Structure"/>.</summary>
    [Id(3)] public ChunkingStrategy? Strategy { get; init; }
}

/// <summary>Where chunks end, within their maximum number of tokens.</summary>
[GenerateSerializer, Alias("quiver.chunking-strategy.v1")]
public enum ChunkingStrategy
{
    /// <summary>At headings, declarations, paragraphs, lines and sentences, the strongest that leaves a chunk well filled.</summary>
    Structure = 1,

    /// <summary>
    /// Where neighbouring sentences differ most in meaning, otherwise as <see cref="Structure"/>. Every sentence is embedded too, which about
    /// doubles the tokens.
    /// </summary>
    Semantic = 2,

    /// <summary>At the last word that fits.</summary>
    Fixed = 3,
}

/// <summary>How the bytes of a file become documents.</summary>
[GenerateSerializer, Alias("quiver.document-format.v1")]
public enum DocumentFormat
{
    /// <summary>By file name: <c>.jsonl .ndjson</c>, <c>.json</c>, <c>.md .markdown</c>, known source code endings, otherwise text.</summary>
    Auto = 1,

    /// <summary>One JSON object per line; each line is a document.</summary>
    JsonLines = 2,

    /// <summary>A JSON array of objects, each a document.</summary>
    Json = 3,

    /// <summary>Plain text; the file is one document.</summary>
    Text = 4,

    /// <summary>Markdown; the file is one document, chunked along its headings.</summary>
    Markdown = 5,

    /// <summary>Source code; the file is one document, chunked along functions and blocks.</summary>
    Code = 6,
}

/// <summary>How a job treats documents that the collection already holds.</summary>
[GenerateSerializer, Alias("quiver.sync-mode.v1")]
public enum SyncMode
{
    /// <summary>Add documents whose id is new; leave known documents unchanged, even if their content changed.</summary>
    Append = 1,

    /// <summary>Add new documents and replace changed ones.</summary>
    Update = 2,

    /// <summary>As <see cref="Update"/>; after the job completed, delete the documents that its source no longer has.</summary>
    Mirror = 3,
}
