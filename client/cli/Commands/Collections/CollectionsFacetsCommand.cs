using System.CommandLine;
using Quiver.Cli.Json;
using Quiver.Cli.Output;
using Quiver.Cli.Parsing;
using Quiver.Cli.Sessions;

namespace Quiver.Cli.Commands.Collections;

/// <summary><c>quiver collections facets</c>.</summary>
internal sealed class CollectionsFacetsCommand : CollectionCommand
{
    private const int MostValues = 1_000;
    private const int DefaultValues = 10;

    private readonly Argument<string> _field = new("FIELD") { Description = "The field: document_id, generation, or a field of the documents' metadata such as path." };
    private readonly Option<long?> _limit = Options.Whole("--limit", "Most values, 1 to 1000. Default: 10.", 1, MostValues);
    private readonly Option<string[]> _filter = FilterOption.Create();
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
            Filter = FilterOption.Read(context.Parse.GetValue(_filter)),
        };
        if (string.IsNullOrWhiteSpace(_request.Field))
        {
            throw new InvalidRequestException(ErrorCodes.InvalidOption, "FIELD must not be empty.");
        }
    }

    protected override bool OnlyReads(CommandContext context) => true;

    protected override async Task<int> RunAsync(CommandContext context, IClientSession session, CollectionName collection)
    {
        var request = _request!;

        // One more tells whether there are more.
        var values = await session.Client.FacetAsync(collection, request with { Limit = Math.Min(request.Limit + 1, MostValues) }, context.Stop);
        if (context.Output.IsJson)
        {
            context.Output.Json(new(collection, request.Field, [.. values.Take(request.Limit)]), CliJsonContext.Default.FacetDocument);
        }
        else
        {
            Print(context.Output, request, values);
        }

        return ExitCodes.Success;
    }

    private static void Print(CliOutput output, FacetRequest request, ImmutableArray<FacetValue> values)
    {
        if (values.IsEmpty)
        {
            output.Line($"No point has a field '{request.Field}'{(request.Filter.IsEmpty ? "" : " and passes the filter")}.");
            return;
        }

        var table = new TextTable("POINTS", "VALUE").Right(0);
        foreach (var value in values.Take(request.Limit))
        {
            table.Add(Quantities.Count(value.Points), value.Value.ReplaceLineEndings(" "));
        }

        table.WriteTo(output);
        if (values.Length > request.Limit)
        {
            output.Line($"There are more values; --limit {Math.Min(request.Limit * 10, MostValues)} would show more of them.");
        }
        else if (values.Length == MostValues)
        {
            output.Line($"There may be more values; {MostValues} is the most that can be shown.");
        }
    }
}
