using Quiver.Client.Cli.Output;
using Quiver.Client.Cli.Parsing;
using Quiver.Client.Cli.Sessions;
using Quiver.Client.Json;

namespace Quiver.Client.Cli.Commands.Collections;

/// <summary><c>quiver collections show</c>.</summary>
internal sealed class CollectionsShowCommand : CollectionCommand
{
    protected override async Task<int> RunAsync(CommandContext context, IClientSession session, CollectionName collection)
    {
        var info = await session.Client.GetCollectionAsync(collection, context.Stop);
        var output = context.Output;
        if (output.IsJson)
        {
            output.Json(info, QuiverJsonContext.Shared.CollectionInfo);
            return ExitCodes.Success;
        }

        output.Line($"collection   {info.Name}");
        output.Line($"documents    {Quantities.Count(info.Documents)}");
        output.Line($"points       {Quantities.Count(info.Points)}");
        output.Line($"model        {info.Model}");
        output.Line($"dimensions   {Quantities.Count(info.Dimensions)}");
        output.Line($"generation   {Quantities.Count(info.Generation)}");
        output.Line($"created      {Quantities.Moment(info.CreatedAt)}");
        output.Line($"stored in    {info.PhysicalCollection}");
        return ExitCodes.Success;
    }
}
