using Quiver.Pipeline.Embedding.Providers;
using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Pipeline.Embedding.Providers;

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
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);

        open.SetResult();
        await first;
        Assert.Equal(1, await _gate.RunAsync(JobKey.Parse("acme/one"), 1, () => Task.FromResult(1), Token).OrFailAsync("the place"));
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
