
using Quiver.Cli.Parsing;
using Quiver.Cli.Sessions;

namespace Quiver.Cli.Commands.Collections;

/// <summary><c>quiver collections show</c>.</summary>
internal sealed class CollectionsShowCommand : CollectionCommand
{
    protected override bool OnlyReads(CommandContext context) => true;

    protected override async Task<int> RunAsync(CommandContext context, IClientSession session, CollectionName collection)
    {
        CollectionDetails.Print(context, await session.Client.GetCollectionAsync(collection, context.Stop));
        return ExitCodes.Success;
    }
}
