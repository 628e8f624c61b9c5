using Quiver.Client;

namespace Quiver.Cli.Commands.Jobs;

/// <summary><c>quiver jobs resume</c>.</summary>
internal sealed class JobsResumeCommand : JobsRunCommand
{
    protected override Task<JobStatus> StartAsync(IQuiverClient client, JobId job, CancellationToken cancellationToken) =>
        client.ResumeJobAsync(job, cancellationToken);
}
