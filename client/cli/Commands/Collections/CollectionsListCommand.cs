using System.CommandLine;
using Quiver.Cli.Output;
using Quiver.Cli.Parsing;
using Quiver.Client.Json;

namespace Quiver.Cli.Commands.Collections;

/// <summary><c>quiver collections list</c>.</summary>
internal sealed class CollectionsListCommand : CliCommand
{
    private const int PageSize = 1_000;

    private readonly Option<string?> _after = Options.Text("--after", "CURSOR", "Go on after a listing that named this. Default: from the first.");

    public override void Configure(Command command) => command.Add(_after);

    public override async Task<int> RunAsync(CommandContext context)
    {
        await using var session = await context.OpenToReadAsync();
        var page = await Listing.AllAsync(after => session.Client.ListCollectionsAsync(after, PageSize, context.Stop), context.Parse.GetValue(_after));
        if (context.Output.IsJson)
        {
            context.Output.Json(page, QuiverJsonContext.Shared.CollectionPage);
        }
        else
        {
            Print(context, page);
        }

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
