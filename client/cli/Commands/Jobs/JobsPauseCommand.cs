
using Quiver.Cli.Output;
using Quiver.Cli.Parsing;
using Quiver.Cli.Sessions;

namespace Quiver.Cli.Commands.Jobs;

/// <summary><c>quiver jobs pause</c>; without a server it changes the durable state of an interrupted job.</summary>
internal sealed class JobsPauseCommand : JobCommand
{
    protected override async Task<int> RunAsync(CommandContext context, IClientSession session, JobId job)
    {
        JobDetails.Print(context, await session.Client.PauseJobAsync(job, context.Stop));
        return ExitCodes.Success;
    }
}
