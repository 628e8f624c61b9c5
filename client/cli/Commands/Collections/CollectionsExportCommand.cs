using Quiver.Cli.Parsing;
using Quiver.Cli.Sessions;
using Quiver.Client.Json;

namespace Quiver.Cli.Commands.Collections;

/// <summary><c>quiver collections export</c>: JSON lines with or without <c>--json</c>, one point in memory at a time.</summary>
internal sealed class CollectionsExportCommand : CollectionCommand
{
    protected override bool OnlyReads(CommandContext context) => true;

    protected override async Task<int> RunAsync(CommandContext context, IClientSession session, CollectionName collection)
    {
        await foreach (var point in session.Client.ExportAsync(collection, context.Stop))
        {
            context.Output.Json(point, QuiverJsonContext.Shared.ExportedPoint);
        }

        return context.Stop.IsCancellationRequested ? throw new OperationCanceledException(context.Stop) : ExitCodes.Success;
    }
}
