using System.Text.Json;
using Quiver.Client.Cli.Parsing;
using Quiver.Client.Cli.Sessions;

namespace Quiver.Client.Cli.Commands.Collections;

/// <summary><c>quiver collections export</c>: JSON lines with or without <c>--json</c>, one point in memory at a time.</summary>
internal sealed class CollectionsExportCommand : CollectionCommand
{
    protected override async Task<int> RunAsync(CommandContext context, IClientSession session, CollectionName collection)
    {
        await foreach (var point in session.Client.ExportAsync(collection, context.Stop))
            context.Output.Json(writer => Write(writer, point));
        return context.Stop.IsCancellationRequested ? throw new OperationCanceledException(context.Stop) : ExitCodes.Success;
    }

    private static void Write(Utf8JsonWriter writer, ExportedPoint point)
    {
        writer.WriteStartObject();
        writer.WriteString("id", point.Id);
        writer.WriteStartArray("vector");
        foreach (var number in point.Vector)
            writer.WriteNumberValue(number);
        writer.WriteEndArray();
        writer.WritePropertyName("payload");
        writer.WriteRawValue(point.PayloadJson);
        writer.WriteEndObject();
    }
}
