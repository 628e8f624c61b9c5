
using Quiver.Cli.Output;
using Quiver.Cli.Parsing;
using Quiver.Cli.Sessions;

namespace Quiver.Cli.Commands.Jobs;

/// <summary><c>quiver jobs show</c>.</summary>
internal sealed class JobsShowCommand : JobCommand
{
    protected override bool OnlyReads(CommandContext context) => true;

    protected override async Task<int> RunAsync(CommandContext context, IClientSession session, JobId job)
    {
        JobDetails.Print(context, await session.Client.GetJobAsync(job, context.Stop));
        return ExitCodes.Success;
    }
}
