using Quiver.Cli.Output;
using Quiver.Cli.Parsing;
using Quiver.Client.Json;

namespace Quiver.Cli.Commands.Collections;

/// <summary>A collection for people, or as JSON.</summary>
internal static class CollectionDetails
{
    /// <summary>Prints it.</summary>
    public static void Print(CommandContext context, CollectionInfo info)
    {
        var output = context.Output;
        if (output.IsJson)
        {
            output.Json(info, QuiverJsonContext.Shared.CollectionInfo);
            return;
        }

        output.Line($"collection   {info.Name}");
        output.Line($"documents    {Quantities.Count(info.Documents)}");
        output.Line($"points       {Quantities.Count(info.Points)}");
        output.Line($"model        {info.Model}");
        output.Line($"dimensions   {Quantities.Count(info.Dimensions)}");
        output.Line($"generation   {Quantities.Count(info.Generation)}");
        output.Line($"created      {Quantities.Moment(info.CreatedAt)}");
        output.Line($"stored in    {info.PhysicalCollection}{(info.Settings?.Dedicated is true ? " (dedicated)" : "")}");
        if (info.Settings?.RetainFor is { } retain && retain > TimeSpan.Zero)
        {
            output.Line($"retained for {Quantities.Duration(retain)}");
        }

        if (info.Settings?.Storage is { } storage)
        {
            output.Line($"storage      {System.Text.Json.JsonSerializer.Serialize(storage, QuiverJsonContext.Shared.StorageSettings)}");
        }

        if (info.Pending is { } pending)
        {
            output.Line($"pending      {System.Text.Json.JsonSerializer.Serialize(pending, QuiverJsonContext.Shared.CollectionSettings)}: tried until it holds; 'quiver collections show {info.Name}' says when");
        }

        if (info.PendingFault is { } fault)
        {
            output.Line($"{(info.Pending is null ? "refused     " : "not yet     ")} {fault}");
        }
    }
}
