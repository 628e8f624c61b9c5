
using Quiver.Cli.Output;
using Quiver.Cli.Parsing;
using Quiver.Cli.Sessions;

namespace Quiver.Cli.Commands.Jobs;

/// <summary><c>quiver jobs cancel</c>; without a server it changes the durable state.</summary>
internal sealed class JobsCancelCommand : JobCommand
{
    protected override async Task<int> RunAsync(CommandContext context, IClientSession session, JobId job)
    {
        JobDetails.Print(context, await session.Client.CancelJobAsync(job, context.Stop));
        return ExitCodes.Success;
    }
}
