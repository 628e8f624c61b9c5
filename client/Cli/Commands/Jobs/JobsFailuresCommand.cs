using System.Globalization;
using Quiver.Client.Cli.Output;
using Quiver.Client.Cli.Parsing;
using Quiver.Client.Cli.Sessions;
using Quiver.Client.Json;

namespace Quiver.Client.Cli.Commands.Jobs;

/// <summary><c>quiver jobs failures</c>: page by page, so that any number of them needs the memory of one page.</summary>
internal sealed class JobsFailuresCommand : JobCommand
{
    private const int PageSize = 500;

    protected override async Task<int> RunAsync(CommandContext context, IClientSession session, JobId job)
    {
        string? after = null;
        var count = 0L;
        do
        {
            var page = await session.Client.ListFailuresAsync(job, after, PageSize, context.Stop);
            foreach (var failure in page.Items)
                Print(context.Output, failure);
            count += page.Items.Length;
            after = page.Next;
            context.Output.Flush();
        }
        while (after is not null);

        if (count == 0 && !context.Output.IsJson)
            context.Output.Line("No document failed.");
        return ExitCodes.Success;
    }

    private static void Print(CliOutput output, FailedDocument failure)
    {
        if (output.IsJson)
            output.Json(failure, QuiverJsonContext.Shared.FailedDocument);
        else
            output.Line(string.Create(CultureInfo.InvariantCulture, $"{failure.Ordinal,10}  {failure.Code,-20}  {failure.DocumentId}  {failure.Reason.ReplaceLineEndings(" ")}"));
    }
}
