namespace Quiver.Client.Requests;

/// <summary>The body of a job submission: a <see cref="JobSpec"/> without its tenant, which is in the header.</summary>
/// <remarks>Optional members are null when left out, because the generated JSON reader ignores initializers of init-only members.</remarks>
public sealed record JobRequest
{
    /// <summary>The target collection; created when it does not exist.</summary>
    public required CollectionName Collection { get; init; }

    /// <summary>What to read.</summary>
    public required JobSourceRequest Source { get; init; }

    /// <summary>How to treat documents that are already stored. Default: update.</summary>
    public SyncMode? Sync { get; init; }

    /// <summary>How to split documents into chunks. Default: the model's recommendation.</summary>
    public ChunkingSpec? Chunking { get; init; }

    /// <summary>Batches in flight at a time, 1 to 64. Default: the server's.</summary>
    public int? MaxInFlight { get; init; }

    /// <summary>The tolerated share of failed documents, 0 to 1. Default: the server's.</summary>
    public double? MaxFailureRatio { get; init; }

    /// <summary>Only count documents, chunks and tokens; write nothing. Default: false.</summary>
    public bool? DryRun { get; init; }

    /// <summary>
    /// A second submission of the same request with this token returns the first job, one of another request is refused. 1 to 128 characters; same as
    /// the header <c>Idempotency-Key</c>.
    /// </summary>
    public string? IdempotencyToken { get; init; }

    /// <summary>Creates the request for a spec.</summary>
    /// <param name="spec">The spec.</param>
    public static JobRequest From(JobSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return new()
        {
            Collection = spec.Collection,
            Source = JobSourceRequest.From(spec.Source),
            Sync = spec.Sync,
            Chunking = spec.Chunking,
            MaxInFlight = spec.MaxInFlight,
            MaxFailureRatio = spec.MaxFailureRatio,
            DryRun = spec.DryRun,
            IdempotencyToken = spec.IdempotencyToken,
        };
    }

    /// <summary>Creates the spec of this request.</summary>
    /// <param name="tenant">The tenant from the header.</param>
    public JobSpec ToSpec(TenantId tenant) => new()
    {
        Tenant = tenant,
        Collection = Collection,
        Source = Source.ToSpec(),
        Sync = Sync ?? SyncMode.Update,
        Chunking = Chunking ?? new(),
        MaxInFlight = MaxInFlight,
        MaxFailureRatio = MaxFailureRatio,
        DryRun = DryRun ?? false,
        IdempotencyToken = IdempotencyToken,
    };
}

/// <summary>The source of a submitted job; see <see cref="SourceSpec"/>.</summary>
public sealed record JobSourceRequest
{
    /// <summary>The kind of source: files, s3 or postgres. Default: from the scheme of the paths; files when there is none.</summary>
    public string? Kind { get; init; }

    /// <summary>
    /// 1 to 1,000 files and folders on the server, absolute or relative to its working directory, or s3://bucket/key and s3://bucket/prefix/; or one
    /// postgres:// address.
    /// </summary>
    public required ImmutableArray<string> Paths { get; init; }

    /// <summary>A stable name of the source, for data that moves between paths. Default: each path's absolute form.</summary>
    public string? Name { get; init; }

    /// <summary>How files become documents. Default: auto.</summary>
    public DocumentFormat? Format { get; init; }

    /// <summary>The field of a JSON record that holds its id. Default: ids are derived from file and position.</summary>
    public string? IdField { get; init; }

    /// <summary>The field of a JSON record that holds its text. Default: text.</summary>
    public string? TextField { get; init; }

    /// <summary>Globs relative to a folder; only matching files are read. Default: all files.</summary>
    public ImmutableArray<string>? Include { get; init; }

    /// <summary>Globs of files to skip. Default: none.</summary>
    public ImmutableArray<string>? Exclude { get; init; }

    /// <summary>Whether to leave out what <c>.gitignore</c> files exclude. <c>.git</c> is always left out. Default: true.</summary>
    public bool? HonourGitIgnore { get; init; }

    /// <summary>The largest document in bytes, 1 to 67,108,864. Default: the server's.</summary>
    public long? MaxDocumentBytes { get; init; }

    /// <summary>The table or view of a source of kind postgres.</summary>
    public JobTableRequest? Table { get; init; }

    internal static JobSourceRequest From(SourceSpec spec) => new()
    {
        Kind = spec.Kind,
        Paths = spec.Paths,
        Name = spec.Name,
        Format = spec.Format,
        IdField = spec.IdField,
        TextField = spec.TextField,
        Include = spec.Include,
        Exclude = spec.Exclude,
        HonourGitIgnore = spec.HonourGitIgnore,
        MaxDocumentBytes = spec.MaxDocumentBytes,
        Table = spec.Table is { } table ? JobTableRequest.From(table) : null,
    };

    internal SourceSpec ToSpec() => new()
    {
        Kind = Kind ?? SourceKinds.Of(WithoutNulls(Paths, "source.paths")),
        Paths = WithoutNulls(Paths, "source.paths"),
        Name = Name,
        Format = Format ?? DocumentFormat.Auto,
        IdField = IdField,
        TextField = TextField,
        Include = WithoutNulls(Include ?? [], "source.include"),
        Exclude = WithoutNulls(Exclude ?? [], "source.exclude"),
        HonourGitIgnore = HonourGitIgnore ?? true,
        MaxDocumentBytes = MaxDocumentBytes,
        Table = Table?.ToSpec(),
    };

    internal static ImmutableArray<string> WithoutNulls(ImmutableArray<string> values, string member)
    {
        // Nullable annotations are not checked for elements of a collection.
        foreach (string? value in values)
        {
            if (value is null)
            {
                throw new InvalidRequestException(RequestErrorCodes.InvalidRequest, $"'{member}' contains null: remove it.");
            }
        }

        return values;
    }
}

/// <summary>The table or view of a submitted job; see <see cref="TableSpec"/>.</summary>
public sealed record JobTableRequest
{
    /// <summary>The schema. Default: public.</summary>
    public string? Schema { get; init; }

    /// <summary>The table or view.</summary>
    public required string Name { get; init; }

    /// <summary>The key columns, which identify and order the rows. Default: the primary key. Required for a view.</summary>
    public ImmutableArray<string>? KeyColumns { get; init; }

    /// <summary>The columns of a document's id. Default: the table's name and the key.</summary>
    public ImmutableArray<string>? IdColumns { get; init; }

    /// <summary>The text columns, joined by blank lines. Default: text.</summary>
    public ImmutableArray<string>? TextColumns { get; init; }

    /// <summary>The columns stored as metadata. Default: none.</summary>
    public ImmutableArray<string>? MetadataColumns { get; init; }

    /// <summary>An SQL condition that rows must meet. Default: all rows.</summary>
    public string? Where { get; init; }

    /// <summary>The column that <see cref="Since"/> is compared with; requires it.</summary>
    public string? SinceColumn { get; init; }

    /// <summary>The lowest value of <see cref="SinceColumn"/>, inclusive. Default: all rows.</summary>
    public string? Since { get; init; }

    internal static JobTableRequest From(TableSpec spec) => new()
    {
        Schema = spec.Schema,
        Name = spec.Name,
        KeyColumns = spec.KeyColumns,
        IdColumns = spec.IdColumns,
        TextColumns = spec.TextColumns,
        MetadataColumns = spec.MetadataColumns,
        Where = spec.Where,
        SinceColumn = spec.SinceColumn,
        Since = spec.Since,
    };

    internal TableSpec ToSpec() => new()
    {
        Schema = Schema ?? "public",
        Name = Name,
        KeyColumns = JobSourceRequest.WithoutNulls(KeyColumns ?? [], "source.table.keyColumns"),
        IdColumns = JobSourceRequest.WithoutNulls(IdColumns ?? [], "source.table.idColumns"),
        TextColumns = JobSourceRequest.WithoutNulls(TextColumns ?? [], "source.table.textColumns"),
        MetadataColumns = JobSourceRequest.WithoutNulls(MetadataColumns ?? [], "source.table.metadataColumns"),
        Where = Where,
        SinceColumn = SinceColumn,
        Since = Since,
    };
}
