using Quiver.Cli.Output;
using Quiver.Cli.Parsing;

namespace Quiver.Cli.Commands;

/// <summary><c>quiver compact</c>.</summary>
internal sealed class CompactCommand : CliCommand
{
    public override async Task<int> RunAsync(CommandContext context)
    {
        if (context.ServerUrl is not null)
        {
            throw new InvalidRequestException(
                ErrorCodes.InvalidOption, "compact works on the files of a data directory and takes no --server: stop the server, then name its directory with --data.");
        }

        var stores = await context.Environment.Compact.RunAsync(context.DataPath, context.Stop);
        var (before, after) = (stores.Sum(static store => store.BytesBefore), stores.Sum(static store => store.BytesAfter));
        context.Output.Result(new CompactDocument(stores, before, after), CliJsonContext.Default.CompactDocument, _ =>
        {
            var table = new TextTable("STORE", "BEFORE", "AFTER").Right(1, 2);
            foreach (var store in stores)
            {
                table.Add(store.Name, Quantities.Bytes(store.BytesBefore), Quantities.Bytes(store.BytesAfter));
            }

            table.Add("total", Quantities.Bytes(before), Quantities.Bytes(after));
            table.WriteTo(context.Output);
        });
        return ExitCodes.Success;
    }
}
