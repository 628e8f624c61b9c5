
using Quiver.Client;

namespace Quiver.Tests.Cluster;

/// <summary>Following a job.</summary>
internal static class ClusterJob
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(3);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Waits for the end.</summary>
    public static async Task<JobStatus> EndAsync(IQuiverClient client, JobId job)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(Token);
        timeout.CancelAfter(Timeout);
        await foreach (var change in client.WatchJobAsync(job, 0, timeout.Token))
        {
            if (change.State.IsFinal())
            {
                break;
            }
        }

        return await client.GetJobAsync(job, Token);
    }
}
