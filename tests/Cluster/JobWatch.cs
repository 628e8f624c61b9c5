using Quiver.Client;
using Quiver.Tests.Support;

namespace Quiver.Tests.Cluster;

/// <summary>A subscriber who must miss nothing.</summary>
internal sealed class JobWatch : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly List<JobEvent> _events = [];
    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly Task _following;

    public JobWatch(IQuiverClient client, JobId job) => _following = FollowAsync(client, job);

    public JobEvent? Last
    {
        get
        {
            lock (_lock)
                return _events.Count == 0 ? null : _events[^1];
        }
    }

    public Task UntilAsync(Func<JobEvent, bool> reached, string what) => Patience.UntilAsync(() => _following.IsFaulted || (Last is { } last && reached(last)), what);

    /// <summary>Waits for the end; every event must have come, once and in order, and progress never have gone back.</summary>
    public async Task AssertCompleteAsync()
    {
        await _following;
        Assert.Equal(Enumerable.Range(1, _events.Count).Select(static number => (long)number), _events.Select(static change => change.Sequence));
        Assert.Equal(_events.Select(static change => change.LastCommittedIndex).Order(), _events.Select(static change => change.LastCommittedIndex));
        Assert.True(_events[^1].State.IsFinal());
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task FollowAsync(IQuiverClient client, JobId job)
    {
        await foreach (var change in client.WatchJobAsync(job, 0, _stop.Token))
        {
            lock (_lock)
                _events.Add(change);
        }
    }
}
