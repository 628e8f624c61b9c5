using System.CommandLine;
using Quiver.Cli.Output;
using Quiver.Cli.Parsing;
using Quiver.Client;

namespace Quiver.Cli.Commands;

/// <summary><c>quiver search</c>.</summary>
internal sealed class SearchCommand : CliCommand
{
    private const int DefaultHits = 10;

    private readonly Argument<string> _query = new("QUERY") { Description = "Text to search for, 1 to 8,192 characters." };
    private readonly Option<string?> _collection = Options.Collection("Collection to search.");
    private readonly Option<long?> _limit = Options.Whole("--limit", "Maximum number of hits, 1 to 1000. Default: 10.", 1, RequestValidator.MaxPage);
    private readonly Option<string[]> _filter = Options.Filter();

    private readonly Option<double?> _minScore = Options.Number(
        "--min-score", "Minimum score of a hit, or maximum where the score is a distance. Default: no threshold.");

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
            Filter = Options.ReadFilter(context.Parse.GetValue(_filter)),
            ScoreThreshold = (float?)context.Parse.GetValue(_minScore),
        };
        if (string.IsNullOrWhiteSpace(request.Query))
        {
            throw new InvalidRequestException(ErrorCodes.InvalidOption, "QUERY must not be empty.");
        }

        await using var session = await context.OpenToReadAsync();
        var result = await session.Client.SearchAsync(collection, request, context.Stop);
        context.Output.Result(
            new SearchDocument(collection, request.Query, result.Hits, result.Notes),
            CliJsonContext.Default.SearchDocument,
            _ => SearchHits.Print(context.Output, request.Query, result, context.Environment.Width()));
        return ExitCodes.Success;
    }
}
