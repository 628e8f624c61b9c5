using Quiver.Client.Cli.Json;
using Quiver.Client.Cli.Output;
using Quiver.Client.Cli.Parsing;
using Quiver.Client.Cli.Sessions;

namespace Quiver.Client.Cli.Commands.Jobs;

/// <summary><c>quiver jobs report</c>.</summary>
internal sealed class JobsReportCommand : JobCommand
{
    protected override async Task<int> RunAsync(CommandContext context, IClientSession session, JobId job)
    {
        var report = await session.Client.GetReportAsync(job, context.Stop);
        if (context.Output.IsJson)
            context.Output.Json(report, CliJsonContext.Default.JobReport);
        else
            JobSummary.Write(context.Output, report, context.Hint($"jobs failures {job}"));
        return ExitCodes.Success;
    }
}
