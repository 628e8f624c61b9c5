using System.CommandLine;
using Quiver.Cli.Parsing;
using Quiver.Cli.Watching;
using Quiver.Client.Json;

namespace Quiver.Cli.Commands;

/// <summary><c>quiver ingest</c>.</summary>
internal sealed class IngestCommand : CliCommand
{
    private readonly IngestOptions _options = new();
    private readonly Option<bool> _detach = Options.Flag("--detach", "Return as soon as the job is durable; needs a server.");

    public override void Configure(Command command)
    {
        _options.AddTo(command);
        command.Add(_detach);
    }

    public override async Task<int> RunAsync(CommandContext context)
    {
        var spec = _options.ToSpec(context.Parse, context.Tenant, context.Environment.CurrentDirectory);
        var detach = context.Parse.GetValue(_detach);

        // Without a server --detach is refused: the silo that is opened to find out must not run jobs.
        await using var session = await context.OpenAsync(runsJobs: !detach);
        if (detach && !session.RunsJobsElsewhere)
        {
            throw new InvalidRequestException(
                CliErrorCodes.ServerRequired, "--detach needs a server that runs the job: start one with quiver serve, or omit --detach.");
        }

        var status = await session.Client.SubmitAsync(spec, context.Stop);
        if (detach)
        {
            context.Output.Result(status, QuiverJsonContext.Shared.JobStatus, _ =>
                context.Output.Line($"Job {status.Id} was submitted; follow it with: {context.Hint($"jobs watch {status.Id}")}"));
            return ExitCodes.Success;
        }

        context.Output.Note($"job {status.Id} into collection {spec.Collection}, {session.Where}");
        return await new JobFollower(context, session).FollowAsync(status);
    }
}

/// <summary>The options of <c>quiver ingest</c>, and the job that they describe.</summary>
internal sealed class IngestOptions
{
    private const int MaxPaths = 1_000;
    private const int MaxInFlight = JobSpec.MaxInFlightLimit;
    private const long MaxDocumentBytes = 67_108_864;

    private readonly Argument<string[]> _paths = new("PATH")
    {
        Description = "Files and folders, or s3://bucket/key and s3://bucket/prefix/, at least one, all of one kind; "
            + "or one postgres://host:port/database or postgres://connection.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string?> _collection = Options.Collection("Target collection; created when it does not exist.");

    private readonly Option<SyncMode?> _sync = Options.Choice(
        "--sync",
        "append: add new documents; update: also replace changed ones; mirror: also delete what the source no longer has. Default: update.",
        ("append", SyncMode.Append), ("update", SyncMode.Update), ("mirror", SyncMode.Mirror));

    private readonly Option<DocumentFormat?> _format = Format();
    private readonly Option<string?> _idField = IdField();
    private readonly Option<string?> _textField = TextField();

    private readonly Option<string?> _source = Options.Text(
        "--source", "NAME", "Stable name of the source, for data that moves between paths. Default: each path's absolute form.");

    private readonly Option<string[]> _include = Options.Texts("--include", "GLOB", "Read only matching files of a folder; repeatable. Default: all.");
    private readonly Option<string[]> _exclude = Options.Texts("--exclude", "GLOB", "Skip matching files of a folder; repeatable. Default: none.");
    private readonly Option<bool> _noGitIgnore = Options.Flag("--no-gitignore", "Also read files that .gitignore excludes.");

    private readonly Option<string?> _table = Options.Text("--table", "NAME", "Table or view of a postgres:// address, which requires it. Default: none.");
    private readonly Option<string?> _schema = Options.Text("--schema", "NAME", "The table's schema. Default: public.");

    private readonly Option<string[]> _key = Options.Texts(
        "--key", "COLUMN", "Key column, which identifies and orders the rows; repeatable. Default: the primary key.");

    private readonly Option<string[]> _idColumn = Options.Texts(
        "--id-column", "COLUMN", "Column of a document's id; repeatable. Default: the table's name and the key.");

    private readonly Option<string[]> _textColumn = Options.Texts("--text-column", "COLUMN", "Column that holds text; repeatable. Default: text.");
    private readonly Option<string[]> _metadataColumn = Options.Texts("--metadata-column", "COLUMN", "Column stored as metadata; repeatable. Default: none.");
    private readonly Option<string?> _where = Options.Text("--where", "SQL", "SQL condition that rows must meet. Default: all rows.");
    private readonly Option<string?> _sinceColumn = Options.Text("--since-column", "COLUMN", "Column that --since is compared with. Default: none.");
    private readonly Option<string?> _since = Options.Text(
        "--since", "VALUE", "Read only rows whose --since-column is at least this value. Default: all rows.");

    private readonly ChunkOptions _chunking = new(
        "Whether title and headings are embedded with each chunk; an existing collection must have the same. Default: the collection's setting, true for a new one.");

    private readonly Option<long?> _maxInFlight = Options.Whole(
        "--max-in-flight", "Batches in flight at a time, with a remote model those at the model, 1 to 64. Default: the silo's setting.", 1, MaxInFlight);

    private readonly Option<double?> _maxFailureRatio = Options.Fraction(
        "--max-failure-ratio", "Tolerated share of failed documents, 0 to 1. Default: the silo's setting.", 0, 1);

    private readonly Option<long?> _maxDocumentBytes = Options.Whole(
        "--max-document-bytes", "Maximum document size in bytes, 1 to 67108864; a larger document fails. Default: the silo's setting.", 1, MaxDocumentBytes);

    private readonly Option<bool> _dryRun = Options.Flag("--dry-run", "Count documents, chunks and tokens; write nothing.");

    private Option[] TableOptions => [_table, _schema, _key, _idColumn, _textColumn, _metadataColumn, _where, _sinceColumn, _since];

    public static Option<DocumentFormat?> Format() => Options.Choice(
        "--format",
        "File format; auto detects it from the file's name. Default: auto.",
        ("auto", DocumentFormat.Auto), ("jsonl", DocumentFormat.JsonLines), ("json", DocumentFormat.Json),
        ("text", DocumentFormat.Text), ("markdown", DocumentFormat.Markdown), ("code", DocumentFormat.Code));

    public static Option<string?> IdField() => Options.Text("--id-field", "F", "JSON field that holds a record's id. Default: an id from file and position.");

    public static Option<string?> TextField() => Options.Text("--text-field", "F", "JSON field that holds a record's text. Default: text.");

    public void AddTo(Command command)
    {
        command.Add(_paths);
        foreach (var option in (ReadOnlySpan<Option>)
            [
                _collection, _sync, _format, _idField, _textField, _source, _include, _exclude, _noGitIgnore, .. TableOptions,
                .. _chunking.All, _maxInFlight, _maxFailureRatio, _maxDocumentBytes, _dryRun,
            ])
        {
            command.Add(option);
        }
    }

    /// <summary>The job.</summary>
    /// <exception cref="InvalidRequestException">The options contradict each other.</exception>
    public JobSpec ToSpec(ParseResult parse, TenantId tenant, string currentDirectory) => new()
    {
        Tenant = tenant,
        Collection = CollectionName.Parse(parse.GetValue(_collection)),
        Source = Source(parse, parse.GetValue(_paths) ?? [], currentDirectory),
        Sync = parse.GetValue(_sync) ?? SyncMode.Update,
        Chunking = _chunking.Read(parse),
        MaxInFlight = (int?)parse.GetValue(_maxInFlight),
        MaxFailureRatio = parse.GetValue(_maxFailureRatio),
        DryRun = parse.GetValue(_dryRun),
    };

    private SourceSpec Source(ParseResult parse, string[] paths, string currentDirectory)
    {
        var kind = SourceKinds.Of(paths);
        return new()
        {
            Kind = kind,
            Paths = Paths(paths, kind, currentDirectory),
            Name = parse.GetValue(_source),
            Format = parse.GetValue(_format) ?? DocumentFormat.Auto,
            IdField = parse.GetValue(_idField),
            TextField = parse.GetValue(_textField),
            Include = [.. parse.GetValue(_include) ?? []],
            Exclude = [.. parse.GetValue(_exclude) ?? []],
            HonourGitIgnore = !parse.GetValue(_noGitIgnore),
            MaxDocumentBytes = parse.GetValue(_maxDocumentBytes),
            Table = Table(parse),
        };
    }

    private TableSpec? Table(ParseResult parse) => TableOptions.All(option => parse.GetResult(option) is null)
        ? null
        : new()
        {
            Name = parse.GetValue(_table) ?? throw new InvalidRequestException(ErrorCodes.InvalidOption, "Name the table or view with --table."),
            Schema = parse.GetValue(_schema) ?? "public",
            KeyColumns = [.. parse.GetValue(_key) ?? []],
            IdColumns = [.. parse.GetValue(_idColumn) ?? []],
            TextColumns = [.. parse.GetValue(_textColumn) ?? []],
            MetadataColumns = [.. parse.GetValue(_metadataColumn) ?? []],
            Where = parse.GetValue(_where),
            SinceColumn = parse.GetValue(_sinceColumn),
            Since = parse.GetValue(_since),
        };

    // The silo may run elsewhere: relative paths are resolved where they were typed.
    private static ImmutableArray<string> Paths(string[] paths, string kind, string currentDirectory)
    {
        if (paths.Length > MaxPaths)
        {
            throw new InvalidRequestException(ErrorCodes.InvalidOption, $"A job reads at most {MaxPaths} paths: name their folder, or use --include globs.");
        }

        return paths.Contains("")
            ? throw new InvalidRequestException(ErrorCodes.InvalidOption, "A PATH must not be empty.")
            : [.. paths.Select(path => kind == SourceKinds.Files ? Path.GetFullPath(path, currentDirectory) : path)];
    }
}

/// <summary>The options that say how documents are cut.</summary>
/// <param name="embedContext">Describes <c>--embed-context</c>.</param>
internal sealed class ChunkOptions(string embedContext)
{
    private const int MinChunkTokens = 8;

    private readonly Option<ChunkingStrategy?> _strategy = Options.Choice(
        "--chunking",
        "Where chunks end. structure: at headings, declarations, paragraphs and sentences; semantic: where the meaning turns, at about twice the tokens; fixed: at the last word that fits. Default: structure.",
        ("structure", ChunkingStrategy.Structure), ("semantic", ChunkingStrategy.Semantic), ("fixed", ChunkingStrategy.Fixed));

    private readonly Option<long?> _tokens = Options.Whole(
        "--chunk-tokens", "Maximum tokens of a chunk, 8 to the model's limit. Default: the model's recommendation.", MinChunkTokens, int.MaxValue);

    private readonly Option<long?> _overlap = Options.Whole(
        "--overlap", "Tokens that a chunk repeats from the previous one, at most half of --chunk-tokens. Default: the silo's setting.", 0, int.MaxValue);

    private readonly Option<Toggle?> _embedContext = Options.Switch("--embed-context", embedContext);

    public Option[] All => [_strategy, _tokens, _overlap, _embedContext];

    /// <exception cref="InvalidRequestException">The options contradict each other.</exception>
    public ChunkingSpec Read(ParseResult parse)
    {
        var (tokens, overlap) = ((int?)parse.GetValue(_tokens), (int?)parse.GetValue(_overlap));
        return tokens is { } max && overlap > max / 2
            ? throw new InvalidRequestException(ErrorCodes.InvalidOption, $"--overlap may be at most half of --chunk-tokens, that is {max / 2}.")
            : new() { MaxTokens = tokens, OverlapTokens = overlap, EmbedContext = Options.Read(parse.GetValue(_embedContext)), Strategy = parse.GetValue(_strategy) };
    }
}
