namespace Quiver.GrainInterfaces.Jobs;

/// <summary>What a job reads.</summary>
[GenerateSerializer, Immutable, Alias("quiver.source-spec.v1")]
public sealed record SourceSpec
{
    /// <summary>The kind of source: <c>files</c>, <c>s3</c> or <c>postgres</c>.</summary>
    [Id(0)]
    public string Kind { get; init; } = "files";

    /// <summary>
    /// Files and folders, absolute or relative to the silo's working directory, or objects and prefixes as <c>s3://bucket/key</c> and
    /// <c>s3://bucket/prefix/</c>. At least one, at most 1,000. Of kind <c>postgres</c> one <c>postgres://host:port/database</c>, or
    /// <c>postgres://name</c> for a connection of the silo's settings; never with a password.
    /// </summary>
    [Id(1)]
    public ImmutableArray<string> Paths { get; init; } = [];

    /// <summary>
    /// A name that stands for the source's place. Documents belong to the source that brought them; without a name that is each
    /// path's absolute form. Give one when the same data move from place to place; ids of a single named folder's documents are then
    /// paths within it, without the folder's own name. Default: null.
    /// </summary>
    [Id(2)]
    public string? Name { get; init; }

    /// <summary>How files become documents. Default: <see cref="DocumentFormat.Auto"/>.</summary>
    [Id(3)]
    public DocumentFormat Format { get; init; } = DocumentFormat.Auto;

    /// <summary>The field of a JSON record that holds its id; null derives ids from file and position.</summary>
    [Id(4)]
    public string? IdField { get; init; }

    /// <summary>The field of a JSON record that holds its text; null takes <c>text</c>.</summary>
    [Id(5)]
    public string? TextField { get; init; }

    /// <summary>Globs relative to a folder, with <c>*</c>, <c>?</c> and <c>**</c>; when given, only matching files are read.</summary>
    [Id(6)]
    public ImmutableArray<string> Include { get; init; } = [];

    /// <summary>Globs of files to leave out.</summary>
    [Id(7)]
    public ImmutableArray<string> Exclude { get; init; } = [];

    /// <summary>Whether <c>.gitignore</c> files are honoured and <c>.git</c> is left out. Default: true.</summary>
    [Id(8)]
    public bool HonourGitIgnore { get; init; } = true;

    /// <summary>The largest document in bytes, 1 to 67,108,864; null takes the silo's default. A larger one fails alone.</summary>
    [Id(9)]
    public long? MaxDocumentBytes { get; init; }

    /// <summary>The table or view of kind <c>postgres</c>; null for the others.</summary>
    [Id(20)]
    public TableSpec? Table { get; init; }
}
