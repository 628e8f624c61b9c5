using System.CommandLine;
using Quiver.Cli.Json;
using Quiver.Cli.Output;
using Quiver.Cli.Parsing;
using Quiver.Cli.Sessions;

namespace Quiver.Cli.Commands.Collections;

/// <summary><c>quiver collections delete</c>: asks on a terminal, wants <c>--yes</c> elsewhere.</summary>
internal sealed class CollectionsDeleteCommand : CollectionCommand
{
    private readonly Option<bool> _yes = Options.Flag("--yes", "Do not ask; required without a terminal and with --json.");

    public override void Configure(Command command)
    {
        base.Configure(command);
        command.Add(_yes);
    }

    protected override void Check(CommandContext context, CollectionName collection)
    {
        if (!context.Parse.GetValue(_yes) && (context.Output.IsJson || !context.Environment.IsInputTerminal))
        {
            throw new InvalidRequestException(CliErrorCodes.ConfirmationRequired, $"Deleting collection {collection} cannot be undone: say so with --yes.");
        }
    }

    protected override async Task<int> RunAsync(CommandContext context, IClientSession session, CollectionName collection)
    {
        var info = await session.Client.GetCollectionAsync(collection, context.Stop);
        if (!context.Parse.GetValue(_yes) && !await ConfirmAsync(context, info))
        {
            context.Output.Note("Nothing was deleted.");
            return ExitCodes.Failure;
        }

        await session.Client.DeleteCollectionAsync(collection, context.Stop);
        if (context.Output.IsJson)
        {
            context.Output.Json(new(collection), CliJsonContext.Default.DeletedDocument);
        }
        else
        {
            context.Output.Line($"Collection {collection} is deleted.");
        }

        return ExitCodes.Success;
    }

    private static async Task<bool> ConfirmAsync(CommandContext context, CollectionInfo info)
    {
        context.Output.Note($"Delete collection {info.Name} with {Quantities.Count(info.Documents, "document")} and {Quantities.Count(info.Points, "point")} for good? [y/N]");
        var answer = await context.Environment.In().ReadLineAsync(context.Stop).AsTask().WaitAsync(context.Stop);
        return answer?.Trim() is { } word && (word.Equals("y", StringComparison.OrdinalIgnoreCase) || word.Equals("yes", StringComparison.OrdinalIgnoreCase));
    }
}
