using Quiver.Pipeline.Jobs;
using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Pipeline.Jobs;

public sealed class StepRunnerTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly List<string> _stalls = [];
    private int _calls;

    [Fact]
    public async Task Step_WithPassingFaults_IsRepeatedUntilItSucceeds()
    {
        Exception?[] faults = [new TransientException("a", "A."), new ThrottledException("b", "B.") { RetryAfter = TimeSpan.FromSeconds(5) }, null];

        var run = RunAsync(maxAttempts: 2, faults);
        while (!run.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.Equal(3, await run);
        Assert.Equal(["a", "b"], _stalls);
    }

    [Fact]
    public async Task Step_ThatKeepsFailing_FailsWithTheLastFault()
    {
        var run = RunAsync(maxAttempts: 2, [new TransientException("a", "A."), new TransientException("b", "B."), null]);
        while (!run.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.Equal("b", (await Assert.ThrowsAsync<TransientException>(() => run)).Code);
    }

    [Fact]
    public async Task Step_WithALastingFault_IsNotRepeated()
    {
        await Assert.ThrowsAsync<PermanentException>(() => RunAsync(maxAttempts: 9, [new PermanentException("a", "A."), null]));

        Assert.Equal(1, _calls);
        Assert.Empty(_stalls);
    }

    private Task<int> RunAsync(int maxAttempts, Exception?[] faults)
    {
        var runner = new StepRunner(new RetrySchedule(TimeSpan.FromMilliseconds(10), TimeSpan.FromSeconds(1), new Random(1)), maxAttempts, _time, (code, _) => _stalls.Add(code));
        return runner.RunAsync(() => faults[_calls++] is { } fault ? Task.FromException<int>(fault) : Task.FromResult(_calls), TestContext.Current.CancellationToken);
    }
}
