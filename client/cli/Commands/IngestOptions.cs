using System.CommandLine;
using Quiver.Cli.Parsing;

namespace Quiver.Cli.Commands;

/// <summary>What <c>quiver ingest</c> takes, and the job that it makes of it.</summary>
internal sealed class IngestOptions
{
    private const int MostPaths = 1_000;
    private const int LeastChunkTokens = 8;
    private const int MostInFlight = 64;
    private const long MostDocumentBytes = 67_108_864;

    private readonly Argument<string[]> _paths = new("PATH")
    {
        Description = "Files and folders to read, or s3://bucket/key and s3://bucket/prefix/, at least one, all of one kind; or one postgres://host:port/database or postgres://connection.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string?> _collection = CollectionOption.Create("Where the points go; created when it does not exist.");

    private readonly Option<SyncMode?> _sync = Options.Choice(
        "--sync",
        "append: only new documents; update: also changed ones; mirror: also delete what the source no longer has. Default: update.",
        ("append", SyncMode.Append), ("update", SyncMode.Update), ("mirror", SyncMode.Mirror));

    private readonly Option<DocumentFormat?> _format = Options.Choice(
        "--format",
        "How files become documents; auto goes by the file's name. Default: auto.",
        ("auto", DocumentFormat.Auto), ("jsonl", DocumentFormat.JsonLines), ("json", DocumentFormat.Json),
        ("text", DocumentFormat.Text), ("markdown", DocumentFormat.Markdown), ("code", DocumentFormat.Code));

    private readonly Option<string?> _idField = Options.Text("--id-field", "F", "The field of a JSON record that holds its id. Default: ids from file and position.");
    private readonly Option<string?> _textField = Options.Text("--text-field", "F", "The field of a JSON record that holds its text. Default: text.");
    private readonly Option<string?> _source = Options.Text("--source", "NAME", "A name that stands for the place of the paths, for data that move. Default: each path's absolute form.");
    private readonly Option<string[]> _include = Options.Texts("--include", "GLOB", "Read only matching files of a folder; repeatable. Default: all.");
    private readonly Option<string[]> _exclude = Options.Texts("--exclude", "GLOB", "Leave matching files of a folder out; repeatable. Default: none.");
    private readonly Option<bool> _noGitIgnore = Options.Flag("--no-gitignore", "Read what .gitignore files leave out.");
    private readonly TableOptions _table = new();
    private readonly Option<long?> _chunkTokens = Options.Whole("--chunk-tokens", "Most tokens in a chunk, 8 to the model's limit. Default: the model's recommendation.", LeastChunkTokens, int.MaxValue);
    private readonly Option<long?> _overlap = Options.Whole("--overlap", "Tokens that a chunk repeats from the one before, at most half of --chunk-tokens. Default: the silo's.", 0, int.MaxValue);
    private readonly Option<long?> _maxInFlight = Options.Whole("--max-in-flight", "Batches in flight at a time, 1 to 64. Default: the silo's.", 1, MostInFlight);
    private readonly Option<double?> _maxFailureRatio = Options.Fraction("--max-failure-ratio", "The tolerated part of failed documents, 0 to 1. Default: the silo's.", 0, 1);
    private readonly Option<long?> _maxDocumentBytes = Options.Whole("--max-document-bytes", "The largest document in bytes, 1 to 67108864; a larger one fails alone. Default: the silo's.", 1, MostDocumentBytes);
    private readonly Option<bool> _dryRun = Options.Flag("--dry-run", "Count documents, chunks and tokens; write nothing.");

    /// <summary>Adds everything to the command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_paths);
        foreach (var option in (ReadOnlySpan<Option>)
            [_collection, _sync, _format, _idField, _textField, _source, _include, _exclude, _noGitIgnore, .. _table.All, _chunkTokens, _overlap, _maxInFlight, _maxFailureRatio, _maxDocumentBytes, _dryRun])
        {
            command.Add(option);
        }
    }

    /// <summary>The job.</summary>
    /// <exception cref="InvalidRequestException">The options do not go together.</exception>
    public JobSpec ToSpec(ParseResult parse, TenantId tenant, string currentDirectory) => new()
    {
        Tenant = tenant,
        Collection = CollectionName.Parse(parse.GetValue(_collection)),
        Source = Source(parse, parse.GetValue(_paths) ?? [], currentDirectory),
        Sync = parse.GetValue(_sync) ?? SyncMode.Update,
        Chunking = Chunking((int?)parse.GetValue(_chunkTokens), (int?)parse.GetValue(_overlap)),
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
            Table = _table.ToSpec(parse),
        };
    }

    // The silo may run elsewhere, so that a relative path is made absolute where it was typed.
    private static ImmutableArray<string> Paths(string[] paths, string kind, string currentDirectory)
    {
        if (paths.Length > MostPaths)
        {
            throw new InvalidRequestException(ErrorCodes.InvalidOption, $"At most {MostPaths} paths in one job; give their folder, or --include globs.");
        }

        return paths.Contains("")
            ? throw new InvalidRequestException(ErrorCodes.InvalidOption, "A PATH must not be empty.")
            : [.. paths.Select(path => kind == SourceKinds.Files ? Path.GetFullPath(path, currentDirectory) : path)];
    }

    private static ChunkingSpec Chunking(int? tokens, int? overlap) => tokens is { } most && overlap > most / 2
        ? throw new InvalidRequestException(ErrorCodes.InvalidOption, $"--overlap may be at most half of --chunk-tokens, that is {most / 2}.")
        : new() { MaxTokens = tokens, OverlapTokens = overlap };
}
