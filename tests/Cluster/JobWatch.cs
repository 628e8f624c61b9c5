using Quiver.Client;
using Quiver.Tests.Support;

namespace Quiver.Tests.Cluster;

/// <summary>A subscriber who must miss nothing.</summary>
internal sealed class JobWatch : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly List<JobEvent> _events = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly Task _following;

    public JobWatch(IQuiverClient client, JobId job) => _following = FollowAsync(client, job);

    public JobEvent? Last
    {
        get
        {
            lock (_lock)
            {
                return _events.Count == 0 ? null : _events[^1];
            }
        }
    }

    private Task Changed
    {
        get
        {
            lock (_lock)
            {
                return _changed.Task;
            }
        }
    }

    /// <summary>Waits for an event, or for the end of the watch.</summary>
    public async Task UntilAsync(Func<JobEvent, bool> reached, string what)
    {
        while (true)
        {
            var changed = Changed;
            if (Last is { } last && reached(last))
            {
                return;
            }

            Assert.False(_following.IsCompletedSuccessfully, $"The watch ended, and {what} never came: {Last}");
            await (await Task.WhenAny(_following, changed).OrFailAsync(what));
        }
    }

    /// <summary>Waits for the end; every event must have come, once and in order, and progress never have gone back.</summary>
    public async Task AssertCompleteAsync()
    {
        while (!_following.IsCompleted)
        {
            await Task.WhenAny(_following, Changed).OrFailAsync("the next event of the job, or its end");
        }

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
            TaskCompletionSource changed;
            lock (_lock)
            {
                _events.Add(change);
                changed = _changed;
                _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            changed.SetResult();
        }
    }
}
