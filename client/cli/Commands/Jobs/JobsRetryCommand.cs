using Quiver.Client;

namespace Quiver.Cli.Commands.Jobs;

/// <summary><c>quiver jobs retry</c>.</summary>
internal sealed class JobsRetryCommand : JobsRunCommand
{
    protected override Task<JobStatus> StartAsync(IQuiverClient client, JobId job, CancellationToken cancellationToken) =>
        client.RetryJobAsync(job, cancellationToken);
}
