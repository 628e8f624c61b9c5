using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Quiver.Cli.Output;
using Quiver.Cli.Parsing;
using Quiver.Cli.Sessions;
using Quiver.Client;
using Quiver.Client.Json;

namespace Quiver.Cli.Commands;

/// <summary>A command about one collection.</summary>
internal abstract class CollectionCommand : CliCommand
{
    private readonly Argument<string> _name = new("NAME") { Description = "Collection name." };

    public override void Configure(Command command) => command.Add(_name);

    public override async Task<int> RunAsync(CommandContext context)
    {
        var collection = CollectionName.Parse(context.Parse.GetValue(_name));
        Check(context, collection);
        await using var session = await (OnlyReads(context) ? context.OpenToReadAsync() : context.OpenAsync(runsJobs: false));
        return await RunAsync(context, session, collection);
    }

    /// <summary>Validates the arguments before a session is opened.</summary>
    protected virtual void Check(CommandContext context, CollectionName collection)
    {
    }

    protected virtual bool OnlyReads(CommandContext context) => true;

    protected abstract Task<int> RunAsync(CommandContext context, IClientSession session, CollectionName collection);

    protected static void PrintInfo(CliOutput output, CollectionInfo info) => output.Result(info, QuiverJsonContext.Shared.CollectionInfo, _ =>
    {
        output.Line($"collection   {info.Name}");
        output.Line($"documents    {Quantities.Count(info.Documents)}");
        output.Line($"points       {Quantities.Count(info.Points)}");
        output.Line($"model        {info.Model}");
        output.Line($"dimensions   {Quantities.Count(info.Dimensions)}");
        output.Line($"generation   {Quantities.Count(info.Generation)}");
        output.Line($"created      {Quantities.Moment(info.CreatedAt)}");
        output.Line($"stored in    {info.PhysicalCollection}{(info.Settings?.Dedicated is true ? " (dedicated)" : "")}");
        if (info.Index is { } index)
        {
            output.Line($"index        {Describe(index)}");
        }

        if (info.Settings?.RetainFor is { } retain && retain > TimeSpan.Zero)
        {
            output.Line($"retained for {Quantities.Duration(retain)}");
        }

        if (info.Settings?.Storage is { } storage)
        {
            output.Line($"storage      {JsonSerializer.Serialize(storage, QuiverJsonContext.Shared.StorageSettings)}");
        }

        if (info.Pending is { } pending)
        {
            var changes = JsonSerializer.Serialize(pending, QuiverJsonContext.Shared.CollectionSettings);
            output.Line($"pending      {changes}: retried until applied; check with 'quiver collections show {info.Name}'");
        }

        if (info.PendingFault is { } fault)
        {
            output.Line($"{(info.Pending is null ? "refused     " : "not yet     ")} {fault}");
        }
    });

    private static string Describe(IndexStatus index)
    {
        var state = index.State switch
        {
            IndexState.Ready => "ready",
            IndexState.Indexing => "being built",
            IndexState.Waiting => "waits for the next change",
            IndexState.Failed => "failed",
            _ => $"{index.State}",
        };
        var share = index.IndexedShare is { } indexed ? string.Create(CultureInfo.InvariantCulture, $", {indexed * 100:0} % indexed") : "";
        var queue = index.QueuedWrites > 0 ? $", {Quantities.Count(index.QueuedWrites)} writes queued" : "";
        return $"{state}{share}{queue}{(index.Fault is null ? "" : $": {index.Fault}")}";
    }
}

/// <summary><c>quiver collections create</c> and <c>set</c>.</summary>
internal sealed class CollectionsWriteCommand(bool creates) : CollectionCommand
{
    private readonly CollectionSettingsOptions _options = new(creates);
    private CollectionSettings _settings = new();

    public override void Configure(Command command)
    {
        base.Configure(command);
        _options.AddTo(command);
    }

    protected override void Check(CommandContext context, CollectionName collection)
    {
        var settings = _options.Read(context.Parse, context.Environment.CurrentDirectory);
        if (settings is null && !creates)
        {
            throw new InvalidRequestException(ErrorCodes.InvalidOption, "Name at least one setting to change, such as --retain-for 90d.");
        }

        _settings = settings ?? _settings;
    }

    protected override bool OnlyReads(CommandContext context) => false;

    protected override async Task<int> RunAsync(CommandContext context, IClientSession session, CollectionName collection)
    {
        PrintInfo(context.Output, await (creates
            ? session.Client.CreateCollectionAsync(collection, _settings, context.Stop)
            : session.Client.ChangeCollectionAsync(collection, _settings, context.Stop)));
        return ExitCodes.Success;
    }
}

/// <summary><c>quiver collections show</c>.</summary>
internal sealed class CollectionsShowCommand : CollectionCommand
{
    protected override async Task<int> RunAsync(CommandContext context, IClientSession session, CollectionName collection)
    {
        PrintInfo(context.Output, await session.Client.GetCollectionAsync(collection, context.Stop));
        return ExitCodes.Success;
    }
}

/// <summary><c>quiver collections list</c>.</summary>
internal sealed class CollectionsListCommand : CliCommand
{
    private readonly Option<string?> _after = Options.Text("--after", "CURSOR", "Cursor from the end of the previous listing. Default: start with the first.");

    public override void Configure(Command command) => command.Add(_after);

    public override async Task<int> RunAsync(CommandContext context)
    {
        await using var session = await context.OpenToReadAsync();
        var page = await Listing.AllAsync(
            after => session.Client.ListCollectionsAsync(after, RequestValidator.MaxPage, context.Stop), context.Parse.GetValue(_after));
        context.Output.Result(page, QuiverJsonContext.Shared.CollectionPage, _ => Print(context, page));
        return ExitCodes.Success;
    }

    private static void Print(CommandContext context, Page<CollectionInfo> page)
    {
        if (page.Items.IsEmpty)
        {
            context.Output.Line("No collections.");
            return;
        }

        var now = context.Environment.Time.GetUtcNow();
        var table = new TextTable("NAME", "DOCUMENTS", "POINTS", "DIMENSIONS", "AGE", "MODEL").Right(1, 2, 3, 4);
        foreach (var collection in page.Items)
        {
            table.Add(
                collection.Name.Value, Quantities.Count(collection.Documents), Quantities.Count(collection.Points),
                Quantities.Count(collection.Dimensions), Quantities.Age(collection.CreatedAt, now), collection.Model);
        }

        table.WriteTo(context.Output);
        if (page.Next is { } next)
        {
            context.Output.Line($"More: {context.Hint($"collections list --after {CommandHint.Quote(next)}")}");
        }
    }
}

/// <summary><c>quiver collections facets</c>.</summary>
internal sealed class CollectionsFacetsCommand : CollectionCommand
{
    private const int DefaultValues = 10;

    private readonly Argument<string> _field = new("FIELD") { Description = "Field to count by: document_id, generation, or a metadata field such as path." };
    private readonly Option<long?> _limit = Options.Whole("--limit", "Maximum number of values, 1 to 1000. Default: 10.", 1, RequestValidator.MaxPage);
    private readonly Option<string[]> _filter = Options.Filter();
    private FacetRequest? _request;

    public override void Configure(Command command)
    {
        base.Configure(command);
        command.Add(_field);
        command.Add(_limit);
        command.Add(_filter);
    }

    protected override void Check(CommandContext context, CollectionName collection)
    {
        _request = new()
        {
            Field = context.Parse.GetRequiredValue(_field),
            Limit = (int)(context.Parse.GetValue(_limit) ?? DefaultValues),
            Filter = Options.ReadFilter(context.Parse.GetValue(_filter)),
        };
        if (string.IsNullOrWhiteSpace(_request.Field))
        {
            throw new InvalidRequestException(ErrorCodes.InvalidOption, "FIELD must not be empty.");
        }
    }

    protected override async Task<int> RunAsync(CommandContext context, IClientSession session, CollectionName collection)
    {
        var request = _request!;

        // One value beyond the limit shows whether there are more.
        var values = await session.Client.FacetAsync(
            collection, request with { Limit = Math.Min(request.Limit + 1, RequestValidator.MaxPage) }, context.Stop);
        context.Output.Result(
            new FacetDocument(collection, request.Field, [.. values.Take(request.Limit)]),
            CliJsonContext.Default.FacetDocument,
            document => Print(context.Output, request, document.Values, values.Length));
        return ExitCodes.Success;
    }

    private static void Print(CliOutput output, FacetRequest request, ImmutableArray<FacetValue> values, int found)
    {
        if (values.IsEmpty)
        {
            output.Line($"No point has a field '{request.Field}'{(request.Filter.IsEmpty ? "" : " and passes the filter")}.");
            return;
        }

        var table = new TextTable("POINTS", "VALUE").Right(0);
        foreach (var value in values)
        {
            table.Add(Quantities.Count(value.Points), value.Value.ReplaceLineEndings(" "));
        }

        table.WriteTo(output);
        if (found > values.Length)
        {
            output.Line($"There are more values; --limit {Math.Min(request.Limit * 10, RequestValidator.MaxPage)} shows more of them.");
        }
        else if (found == RequestValidator.MaxPage)
        {
            output.Line($"There may be more values; at most {RequestValidator.MaxPage} can be shown.");
        }
    }
}

/// <summary><c>quiver collections export</c>: JSON lines with and without <c>--json</c>; holds one point in memory at a time.</summary>
internal sealed class CollectionsExportCommand : CollectionCommand
{
    protected override async Task<int> RunAsync(CommandContext context, IClientSession session, CollectionName collection)
    {
        await foreach (var point in session.Client.ExportAsync(collection, context.Stop))
        {
            context.Output.Json(point, QuiverJsonContext.Shared.ExportedPoint);
        }

        return context.Stop.IsCancellationRequested ? throw new OperationCanceledException(context.Stop) : ExitCodes.Success;
    }
}

/// <summary><c>quiver collections delete</c>: asks on a terminal, and requires <c>--yes</c> elsewhere.</summary>
internal sealed class CollectionsDeleteCommand : CollectionCommand
{
    private readonly Option<bool> _yes = Options.Flag("--yes", "Delete without asking; required without a terminal and with --json.");

    public override void Configure(Command command)
    {
        base.Configure(command);
        command.Add(_yes);
    }

    protected override void Check(CommandContext context, CollectionName collection)
    {
        if (!context.Parse.GetValue(_yes) && (context.Output.IsJson || !context.Environment.IsInputTerminal))
        {
            throw new InvalidRequestException(
                CliErrorCodes.ConfirmationRequired, $"Deleting collection {collection} cannot be undone: confirm it with --yes.");
        }
    }

    protected override bool OnlyReads(CommandContext context) => false;

    protected override async Task<int> RunAsync(CommandContext context, IClientSession session, CollectionName collection)
    {
        var info = await session.Client.GetCollectionAsync(collection, context.Stop);
        if (!context.Parse.GetValue(_yes) && !await ConfirmAsync(context, info))
        {
            context.Output.Note("Nothing was deleted.");
            return ExitCodes.Failure;
        }

        await session.Client.DeleteCollectionAsync(collection, context.Stop);
        context.Output.Result(new(collection), CliJsonContext.Default.DeletedDocument, _ => context.Output.Line($"Collection {collection} is deleted."));
        return ExitCodes.Success;
    }

    private static async Task<bool> ConfirmAsync(CommandContext context, CollectionInfo info)
    {
        var (documents, points) = (Quantities.Count(info.Documents, "document"), Quantities.Count(info.Points, "point"));
        context.Output.Note($"Delete collection {info.Name} with {documents} and {points} permanently? [y/N]");
        var answer = await context.Environment.In().ReadLineAsync(context.Stop).AsTask().WaitAsync(context.Stop);
        return answer?.Trim() is { } word && (word.Equals("y", StringComparison.OrdinalIgnoreCase) || word.Equals("yes", StringComparison.OrdinalIgnoreCase));
    }
}

/// <summary><c>quiver collections verify</c>.</summary>
internal sealed class CollectionsVerifyCommand : CollectionCommand
{
    private readonly Option<bool> _repair = Options.Flag("--repair", "Delete surplus points, and mark differing documents for the next job.");

    public override void Configure(Command command)
    {
        base.Configure(command);
        command.Add(_repair);
    }

    protected override bool OnlyReads(CommandContext context) => !context.Parse.GetValue(_repair);

    protected override async Task<int> RunAsync(CommandContext context, IClientSession session, CollectionName collection)
    {
        var repair = context.Parse.GetValue(_repair);
        var report = await session.Client.VerifyAsync(collection, repair, context.Stop);
        context.Output.Result(report, QuiverJsonContext.Shared.VerifyReport, _ => Print(context, collection, report, repair));
        return report.IsConsistent ? ExitCodes.Success : repair ? ExitCodes.Warnings : ExitCodes.Failure;
    }

    private static void Print(CommandContext context, CollectionName collection, VerifyReport report, bool repair)
    {
        var output = context.Output;
        output.Line($"Collection {collection} is {(report.IsConsistent ? "consistent" : "NOT consistent")}.");
        output.Line($"  documents              {Quantities.Count(report.Documents)}");
        output.Line($"  expected points        {Quantities.Count(report.ExpectedPoints)}");
        output.Line($"  missing points         {Quantities.Count(report.MissingPoints)}");
        output.Line($"  surplus points         {Quantities.Count(report.SurplusPoints)}");
        output.Line($"  unfinished documents   {Quantities.Count(report.UnfinishedDocuments)}");
        if (repair)
        {
            output.Line($"  repaired               {Quantities.Count(report.Repaired)}");
        }

        if (report.IsConsistent)
        {
            return;
        }

        foreach (var document in report.Differing)
        {
            output.Line($"  differs: {document}");
        }

        output.Line(repair
            ? "Ingest the source again to store the marked documents."
            : $"Repair it with: {context.Hint($"collections verify {collection} --repair")}");
    }
}
