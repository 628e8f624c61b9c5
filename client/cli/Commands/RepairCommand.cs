using System.CommandLine;
using Quiver.Cli.Output;
using Quiver.Cli.Parsing;
using Quiver.Cli.Sessions;

namespace Quiver.Cli.Commands;

/// <summary><c>quiver repair</c>.</summary>
internal sealed class RepairCommand : CliCommand
{
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Say what is damaged and what would be done; change nothing." };

    public override void Configure(Command command) => command.Add(_dryRun);

    public override async Task<int> RunAsync(CommandContext context)
    {
        if (context.ServerUrl is not null)
        {
            throw new InvalidRequestException(
                ErrorCodes.InvalidOption, "repair works on the files of a data directory and takes no --server: stop the server, then name its directory with --data.");
        }

        var dryRun = context.Parse.GetValue(_dryRun);
        var stores = await context.Environment.Repair.RunAsync(context.DataPath, dryRun, context.Stop);
        var damaged = stores.Where(static store => store.Damage is not null).ToImmutableArray();
        var isRepaired = !dryRun && damaged.All(static store => store.Repair is not null);
        context.Output.Result(
            new RepairDocument(stores, damaged.IsEmpty, isRepaired && !damaged.IsEmpty), CliJsonContext.Default.RepairDocument, _ => Print(context.Output, stores, dryRun));
        return damaged.IsEmpty ? ExitCodes.Success : isRepaired ? ExitCodes.Warnings : ExitCodes.Failure;
    }

    private static void Print(CliOutput output, ImmutableArray<RepairedStore> stores, bool dryRun)
    {
        if (stores.IsEmpty)
        {
            output.Line("Nothing is stored yet.");
        }

        foreach (var store in stores)
        {
            output.Line($"{store.Name}: {store.Damage ?? "intact."}");
            if (store.Damage is not null)
            {
                output.Line($"  {(dryRun ? "would be repaired" : "repaired")}: {store.Repair ?? "no; this needs another way."}");
                output.Line($"  lost: {store.Lost ?? "nothing."}");
            }
        }
    }
}
