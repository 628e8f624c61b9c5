using System.CommandLine;
using Quiver.Cli.Output;
using Quiver.Cli.Parsing;
using Quiver.Cli.Sessions;
using Quiver.Client.Json;

namespace Quiver.Cli.Commands.Collections;

/// <summary><c>quiver collections verify</c>.</summary>
internal sealed class CollectionsVerifyCommand : CollectionCommand
{
    private readonly Option<bool> _repair = Options.Flag("--repair", "Delete surplus points, and mark differing documents for the next job.");

    public override void Configure(Command command)
    {
        base.Configure(command);
        command.Add(_repair);
    }

    protected override bool OnlyReads(CommandContext context) => !context.Parse.GetValue(_repair);

    protected override async Task<int> RunAsync(CommandContext context, IClientSession session, CollectionName collection)
    {
        var repair = context.Parse.GetValue(_repair);
        var report = await session.Client.VerifyAsync(collection, repair, context.Stop);
        if (context.Output.IsJson)
        {
            context.Output.Json(report, QuiverJsonContext.Shared.VerifyReport);
        }
        else
        {
            Print(context, collection, report, repair);
        }

        return report.IsConsistent ? ExitCodes.Success : repair ? ExitCodes.Warnings : ExitCodes.Failure;
    }

    private static void Print(CommandContext context, CollectionName collection, VerifyReport report, bool repair)
    {
        var output = context.Output;
        output.Line($"Collection {collection} is {(report.IsConsistent ? "consistent" : "NOT consistent")}.");
        output.Line($"  documents              {Quantities.Count(report.Documents)}");
        output.Line($"  expected points        {Quantities.Count(report.ExpectedPoints)}");
        output.Line($"  missing points         {Quantities.Count(report.MissingPoints)}");
        output.Line($"  surplus points         {Quantities.Count(report.SurplusPoints)}");
        output.Line($"  unfinished documents   {Quantities.Count(report.UnfinishedDocuments)}");
        if (repair)
        {
            output.Line($"  repaired               {Quantities.Count(report.Repaired)}");
        }

        if (report.IsConsistent)
        {
            return;
        }

        foreach (var document in report.Differing)
        {
            output.Line($"  differs: {document}");
        }

        output.Line(repair
            ? "Ingest the source again: documents that were marked are stored anew."
            : $"Mend it with: {context.Hint($"collections verify {collection} --repair")}");
    }
}
