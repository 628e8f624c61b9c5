using System.CommandLine;
using System.Globalization;
using Quiver.Cli.Output;
using Quiver.Cli.Parsing;
using Quiver.Cli.Sessions;
using Quiver.Client.Json;
using Quiver.Client.Requests;

namespace Quiver.Cli.Commands.Jobs;

/// <summary><c>quiver jobs failures</c>: page by page, so that any number of them needs the memory of one page.</summary>
internal sealed class JobsFailuresCommand : JobCommand
{
    private const int PageSize = 500;
    private readonly Option<bool> _export = Options.Flag("--export", "Write them and the job's report as artifacts instead, and print links to these.");

    public override void Configure(Command command)
    {
        base.Configure(command);
        command.Add(_export);
    }

    protected override bool OnlyReads(CommandContext context) => !context.Parse.GetValue(_export);

    protected override async Task<int> RunAsync(CommandContext context, IClientSession session, JobId job)
    {
        if (context.Parse.GetValue(_export))
        {
            Print(context.Output, await session.Client.ExportJobAsync(job, context.Stop), session.IsServer);
            return ExitCodes.Success;
        }

        string? after = null;
        var count = 0L;
        do
        {
            var page = await session.Client.ListFailuresAsync(job, after, PageSize, context.Stop);
            foreach (var failure in page.Items)
            {
                Print(context.Output, failure);
            }

            count += page.Items.Length;
            after = page.Next;
            context.Output.Flush();
        }
        while (after is not null);

        if (count == 0 && !context.Output.IsJson)
        {
            context.Output.Line("No document failed.");
        }

        return ExitCodes.Success;
    }

    private static void Print(CliOutput output, JobExport export, bool isServer)
    {
        if (output.IsJson)
        {
            output.Json(export, QuiverJsonContext.Shared.JobExport);
            return;
        }

        output.Line($"{Quantities.Count(export.Failures, "failed document")} written; artifacts of job {export.Job}:");
        foreach (var artifact in export.Artifacts)
        {
            // A relative link needs a server that answers it; without one the file itself is at hand.
            output.Line($"  {artifact.Name}  {Quantities.Count(artifact.Bytes, "byte")}  {(isServer || artifact.Link.IsAbsoluteUri ? artifact.Link : artifact.Location)}");
        }

        if (isServer || export.Artifacts.Any(static artifact => artifact.Link.IsAbsoluteUri))
        {
            output.Line($"The links work until {Quantities.Moment(export.Artifacts[0].ExpiresAt)}.");
        }
    }

    private static void Print(CliOutput output, FailedDocument failure)
    {
        if (output.IsJson)
        {
            output.Json(failure, QuiverJsonContext.Shared.FailedDocument);
        }
        else
        {
            output.Line(string.Create(CultureInfo.InvariantCulture, $"{failure.Ordinal,10}  {failure.Code,-20}  {failure.DocumentId}  {failure.Reason.ReplaceLineEndings(" ")}"));
        }
    }
}
