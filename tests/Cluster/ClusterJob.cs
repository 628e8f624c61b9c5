
using Quiver.Client;

namespace Quiver.Tests.Cluster;

/// <summary>Following a job.</summary>
internal static class ClusterJob
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(3);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Waits for the end.</summary>
    public static async Task<JobStatus> EndAsync(IQuiverClient client, JobId job)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Token);
        patience.CancelAfter(Longest);
        await foreach (var change in client.WatchJobAsync(job, 0, patience.Token))
        {
            if (change.State.IsFinal())
            {
                break;
            }
        }

        return await client.GetJobAsync(job, Token);
    }
}
