using Quiver.Cli.Parsing;
using Quiver.Cli.Sessions;
using Quiver.Cli.Watching;
using Quiver.Client;
using Quiver.Client.Json;

namespace Quiver.Cli.Commands.Jobs;

/// <summary>Makes a job go on: a server does so by itself, otherwise it runs in this process, watched to its end.</summary>
internal abstract class JobsRunCommand : JobCommand
{
    protected override bool RunsJobs => true;

    protected override async Task<int> RunAsync(CommandContext context, IClientSession session, JobId job)
    {
        var status = await StartAsync(session.Client, job, context.Stop);
        if (!session.IsServer)
        {
            context.Output.Note($"job {job} into collection {status.Spec.Collection}, {session.Where}");
            return await new JobFollower(context, session).FollowAsync(status);
        }

        if (context.Output.IsJson)
        {
            context.Output.Json(await session.Client.GetReportAsync(job, context.Stop), QuiverJsonContext.Shared.JobReport);
        }
        else
        {
            context.Output.Line($"Job {job} goes on at {session.Where}; follow it with: {context.Hint($"jobs watch {job}")}");
        }

        return ExitCodes.Success;
    }

    /// <summary>Gives the command.</summary>
    protected abstract Task<JobStatus> StartAsync(IQuiverClient client, JobId job, CancellationToken cancellationToken);
}
