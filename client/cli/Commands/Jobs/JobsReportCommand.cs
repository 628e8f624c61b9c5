using Quiver.Cli.Output;
using Quiver.Cli.Parsing;
using Quiver.Cli.Sessions;
using Quiver.Client.Json;

namespace Quiver.Cli.Commands.Jobs;

/// <summary><c>quiver jobs report</c>.</summary>
internal sealed class JobsReportCommand : JobCommand
{
    protected override bool OnlyReads(CommandContext context) => true;

    protected override async Task<int> RunAsync(CommandContext context, IClientSession session, JobId job)
    {
        var report = await session.Client.GetReportAsync(job, context.Stop);
        if (context.Output.IsJson)
        {
            context.Output.Json(report, QuiverJsonContext.Shared.JobReport);
        }
        else
        {
            JobSummary.Write(context.Output, report, context.Hint($"jobs failures {job}"));
        }

        return ExitCodes.Success;
    }
}
