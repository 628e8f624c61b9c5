using Quiver.Core.Resilience;
using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Core.Resilience;

public sealed class KeyedLimiterTests
{
    private readonly KeyedLimiter<JobKey> _limiter = new();
    private int _inside;
    private int _most;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Places_OfAJob_BoundItsBatchesAndNobodyElses()
    {
        var open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task[] batches = [.. Enumerable.Range(0, 10).Select(_ => RunAsync("acme/one", 3, open.Task))];
        var other = RunAsync("acme/two", 1, Task.CompletedTask);

        await other;
        Assert.Equal(3, Volatile.Read(ref _inside));
        open.SetResult();
        await Task.WhenAll(batches);
        Assert.InRange(_most, 3, 4);
    }

    [Fact]
    public async Task Waiting_ThatIsGivenUp_TakesNoPlace()
    {
        var open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var first = RunAsync("acme/one", 1, open.Task);
        using var gone = new CancellationTokenSource();
        var waiting = _limiter.EnterAsync(JobKey.Parse("acme/one"), 1, gone.Token).AsTask();
        var next = RunAsync("acme/one", 1, Task.CompletedTask);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);

        open.SetResult();
        await first;
        await next.OrFailAsync("the place");
    }

    [Fact]
    public async Task Slot_IsHandedOverBeforeTheReleasingCallerContinues_InOrder()
    {
        var open = new TaskCompletionSource();
        List<string> order = [];
        Task[] batches = [.. Enumerable.Range(0, 4).Select(WorkAsync)];

        open.SetResult();
        await Task.WhenAll(batches);

        Assert.Equal(["1 has it", "2 has it", "3 has it", "3 continues", "2 continues", "1 continues", "0 continues"], order);

        async Task WorkAsync(int number)
        {
            using (await _limiter.EnterAsync(JobKey.Parse("acme/one"), 1, Token))
            {
                if (number > 0)
                {
                    order.Add($"{number} has it");
                }

                await open.Task;
            }

            order.Add($"{number} continues");
        }
    }

    [Fact]
    public async Task Work_ThatEndsAtOnce_HoweverMuchWaits_UsesNoStackUp()
    {
        var open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var first = RunAsync("acme/one", 1, open.Task);
        Task<int>[] waiting = [.. Enumerable.Range(0, 50_000).Select(_ => RunAsync("acme/one", 1, Task.CompletedTask))];

        open.SetResult();

        await Task.WhenAll([first, .. waiting]).OrFailAsync("all of them");
        Assert.Equal(1, _most);
    }

    [Fact]
    public async Task Waiting_ThatIsGivenUpWhileItIsServed_LosesNoPlace()
    {
        for (var round = 0; round < 500; round++)
        {
            var open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var first = RunAsync("acme/one", 1, open.Task);
            using var gone = new CancellationTokenSource();
            var waiting = RunAsync("acme/one", 1, Task.CompletedTask, gone.Token);

            // A caller that comes after all slots are released would not queue; this one does.
            var next = RunAsync("acme/one", 1, Task.CompletedTask);
            await Task.WhenAll(Task.Run(open.SetResult, Token), Task.Run(gone.Cancel, Token));
            await first;
            await ((Task)waiting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            await next.OrFailAsync("the place");
        }
    }

    [Fact]
    public void TryEnter_AtTheLimit_ReturnsNull_UntilASlotIsReleased()
    {
        var (one, other) = (JobKey.Parse("acme/one"), JobKey.Parse("acme/two"));
        var slot = _limiter.TryEnter(one, 1);

        Assert.NotNull(slot);
        Assert.Null(_limiter.TryEnter(one, 1));
        Assert.NotNull(_limiter.TryEnter(other, 1));
        slot.Dispose();
        slot.Dispose();
        Assert.NotNull(_limiter.TryEnter(one, 1));
        Assert.Null(_limiter.TryEnter(one, 1));
    }

    [Fact]
    public async Task Slot_OfAnAsynchronousLimiter_IsNotHandedOverOnTheReleasingThread()
    {
        var limiter = new KeyedLimiter<string>(handOverAsynchronously: true);
        var slot = await limiter.EnterAsync("a", 1, Token);
        var waiting = WaitAsync();

        var releasing = new Thread(slot.Dispose);
        releasing.Start();
        releasing.Join();

        Assert.NotEqual(releasing.ManagedThreadId, await waiting.OrFailAsync("the slot"));

        async Task<int> WaitAsync()
        {
            using var next = await limiter.EnterAsync("a", 1, Token);
            return Environment.CurrentManagedThreadId;
        }
    }

    private async Task<int> RunAsync(string job, int limit, Task until, CancellationToken? token = null)
    {
        using var slot = await _limiter.EnterAsync(JobKey.Parse(job), limit, token ?? Token);
        _most = Math.Max(_most, Interlocked.Increment(ref _inside));
        await until;
        return Interlocked.Decrement(ref _inside);
    }
}
