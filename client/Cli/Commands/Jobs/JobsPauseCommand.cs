using Quiver.Client.Cli.Output;
using Quiver.Client.Cli.Parsing;
using Quiver.Client.Cli.Sessions;

namespace Quiver.Client.Cli.Commands.Jobs;

/// <summary><c>quiver jobs pause</c>; without a server it changes the durable state of an interrupted job.</summary>
internal sealed class JobsPauseCommand : JobCommand
{
    protected override async Task<int> RunAsync(CommandContext context, IClientSession session, JobId job)
    {
        JobDetails.Print(context, await session.Client.PauseJobAsync(job, context.Stop));
        return ExitCodes.Success;
    }
}
