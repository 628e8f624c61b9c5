using System.CommandLine;
using Quiver.Cli.Json;
using Quiver.Cli.Output;
using Quiver.Cli.Parsing;

namespace Quiver.Cli.Commands;

/// <summary><c>quiver search</c>.</summary>
internal sealed class SearchCommand : CliCommand
{
    private const int MostHits = 1_000;
    private const int DefaultHits = 10;

    private readonly Argument<string> _query = new("QUERY") { Description = "The text to look for, 1 to 8,192 characters." };
    private readonly Option<string?> _collection = CollectionOption.Create("Where to look.");
    private readonly Option<long?> _limit = Options.Whole("--limit", "Most hits, 1 to 1000. Default: 10.", 1, MostHits);
    private readonly Option<string[]> _filter = FilterOption.Create();
    private readonly Option<double?> _minScore = Options.Number("--min-score", "Leave out hits with a lower score; with a higher one where the score is a distance. Default: none left out.");

    public override void Configure(Command command)
    {
        command.Add(_query);
        command.Add(_collection);
        command.Add(_limit);
        command.Add(_filter);
        command.Add(_minScore);
    }

    public override async Task<int> RunAsync(CommandContext context)
    {
        var collection = CollectionName.Parse(context.Parse.GetValue(_collection));
        var request = new SearchRequest
        {
            Query = context.Parse.GetRequiredValue(_query),
            Limit = (int)(context.Parse.GetValue(_limit) ?? DefaultHits),
            Filter = FilterOption.Read(context.Parse.GetValue(_filter)),
            ScoreThreshold = (float?)context.Parse.GetValue(_minScore),
        };
        if (string.IsNullOrWhiteSpace(request.Query))
        {
            throw new InvalidRequestException(ErrorCodes.InvalidOption, "QUERY must not be empty.");
        }

        await using var session = await context.OpenToReadAsync();
        var hits = await session.Client.SearchAsync(collection, request, context.Stop);
        if (context.Output.IsJson)
        {
            context.Output.Json(new(collection, request.Query, hits), CliJsonContext.Default.SearchDocument);
        }
        else
        {
            Hits.Write(context.Output, request.Query, hits, context.Environment.Width());
        }

        return ExitCodes.Success;
    }
}
