using Quiver.Core.Embedding.Providers;
using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Core.Embedding.Providers;

public sealed class ModelGateTests
{
    private readonly ModelGate _gate = new();
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
        var waiting = _gate.RunAsync(JobKey.Parse("acme/one"), 1, () => Task.FromResult(0), gone.Token);
        var next = RunAsync("acme/one", 1, Task.CompletedTask);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);

        open.SetResult();
        await first;
        await next.OrFailAsync("the place");
    }

    [Fact]
    public async Task Place_IsTheNextOnesBeforeWhoeverLeftItGoesOn_InTheOrderOfAsking()
    {
        var open = new TaskCompletionSource();
        List<string> order = [];
        Task[] batches = [.. Enumerable.Range(0, 4).Select(WorkAsync)];

        open.SetResult();
        await Task.WhenAll(batches);

        Assert.Equal(["1 is there", "2 is there", "3 is there", "3 goes on", "2 goes on", "1 goes on", "0 goes on"], order);

        async Task WorkAsync(int number)
        {
            await _gate.RunAsync(
                JobKey.Parse("acme/one"),
                1,
                async () =>
                {
                    if (number > 0)
                    {
                        order.Add($"{number} is there");
                    }

                    await open.Task;
                    return 0;
                },
                Token);
            order.Add($"{number} goes on");
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
        var job = JobKey.Parse("acme/one");
        for (var round = 0; round < 500; round++)
        {
            var open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var first = RunAsync("acme/one", 1, open.Task);
            using var gone = new CancellationTokenSource();
            var waiting = _gate.RunAsync(job, 1, () => Task.FromResult(0), gone.Token);

            // Whoever asks when all are gone finds new places; this one is in the same line.
            var next = RunAsync("acme/one", 1, Task.CompletedTask);
            await Task.WhenAll(Task.Run(open.SetResult, Token), Task.Run(gone.Cancel, Token));
            await first;
            await ((Task)waiting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            await next.OrFailAsync("the place");
        }
    }

    private Task<int> RunAsync(string job, int most, Task until) => _gate.RunAsync(
        JobKey.Parse(job),
        most,
        async () =>
        {
            _most = Math.Max(_most, Interlocked.Increment(ref _inside));
            await until;
            return Interlocked.Decrement(ref _inside);
        },
        Token);
}
