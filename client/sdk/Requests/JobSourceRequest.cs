namespace Quiver.Client.Requests;

/// <summary>What a submitted job reads; see <see cref="SourceSpec"/>.</summary>
public sealed record JobSourceRequest
{
    /// <summary>The kind of source: files, s3 or postgres. Default: by the scheme of the paths, files without one.</summary>
    public string? Kind { get; init; }

    /// <summary>Files and folders on the server, absolute or relative to its working directory, or s3://bucket/key and s3://bucket/prefix/; 1 to 1,000. Or one postgres:// address.</summary>
    public required ImmutableArray<string> Paths { get; init; }

    /// <summary>A name that stands for the source's place, for data that move. Default: each path's absolute form.</summary>
    public string? Name { get; init; }

    /// <summary>How files become documents. Default: auto.</summary>
    public DocumentFormat? Format { get; init; }

    /// <summary>The field of a JSON record that holds its id. Default: ids are derived from file and position.</summary>
    public string? IdField { get; init; }

    /// <summary>The field of a JSON record that holds its text. Default: text.</summary>
    public string? TextField { get; init; }

    /// <summary>Globs relative to a folder; when given, only matching files are read.</summary>
    public ImmutableArray<string>? Include { get; init; }

    /// <summary>Globs of files to leave out.</summary>
    public ImmutableArray<string>? Exclude { get; init; }

    /// <summary>Whether <c>.gitignore</c> files are honoured and <c>.git</c> is left out. Default: true.</summary>
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
        // Nullable annotations do not reach the elements of a collection.
        foreach (string? value in values)
        {
            if (value is null)
            {
                throw new InvalidRequestException(RequestErrorCodes.InvalidRequest, $"'{member}' holds a null; leave it out.");
            }
        }

        return values;
    }
}
