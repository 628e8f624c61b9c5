
using Quiver.Cli.Parsing;
using Quiver.Cli.Sessions;
using Quiver.Cli.Watching;

namespace Quiver.Cli.Commands.Jobs;

/// <summary><c>quiver jobs watch</c>.</summary>
internal sealed class JobsWatchCommand : JobCommand
{
    protected override bool OnlyReads(CommandContext context) => true;

    protected override async Task<int> RunAsync(CommandContext context, IClientSession session, JobId job)
    {
        var status = await session.Client.GetJobAsync(job, context.Stop);
        var ends = session.IsServer || status.State.IsFinal();
        if (context.Output.IsJson)
        {
            return await new EventPrinter(context, session).PrintAsync(status, follow: ends);
        }

        return ends
            ? await new JobFollower(context, session).FollowAsync(status)
            : throw EventPrinter.NotRunning(context, status);
    }
}
