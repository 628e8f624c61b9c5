using Quiver.Core.Resilience;
using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Core.Resilience;

public sealed class JobRetryTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly List<string> _stalls = [];
    private int _calls;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Step_TransientFault_IsTriedAgainAfterAWait()
    {
        var step = Retry().RunAsync("It", _ => ++_calls < 3 ? throw new TransientException("flaky", "Flaky.") : Task.FromResult(_calls), Token);

        await ElapseUntilAsync(step);

        Assert.Equal(3, await step.OrFailAsync("the step"));
        Assert.Equal(["flaky", "flaky"], _stalls);
    }

    [Fact]
    public async Task Step_FaultThatDoesNotPass_IsThrownAtOnce()
    {
        var error = await Assert.ThrowsAsync<InvalidRequestException>(() =>
            Retry().RunAsync<int>("It", _ => throw new InvalidRequestException(ErrorCodes.PathNotFound, "It is gone."), Token));

        Assert.Equal((ErrorCodes.PathNotFound, 0), (error.Code, _stalls.Count));
    }

    [Fact]
    public async Task Step_AttemptsUsedUp_ThrowsTheLastFault()
    {
        var step = Retry().RunAsync<int>("It", _ => throw new TimeoutException($"Call {++_calls}."), Token);

        await ElapseUntilAsync(step);

        var error = await Assert.ThrowsAsync<TransientException>(() => step.OrFailAsync("the step"));
        Assert.Equal((ErrorCodes.Timeout, "It timed out: Call 4."), (error.Code, error.Message));
    }

    [Fact]
    public async Task Step_ThrottledForever_EndsWhenAnOutageHasLastedLongEnough()
    {
        var step = Retry().RunAsync<int>("It", _ => throw new ThrottledException("too_many", $"Call {++_calls}.") { RetryAfter = TimeSpan.FromSeconds(10) }, Token);

        await ElapseUntilAsync(step);

        var error = await Assert.ThrowsAsync<PermanentException>(() => step.OrFailAsync("the step"));
        Assert.Equal(("too_many", 31, 30), (error.Code, _calls, _stalls.Count));
        Assert.Contains("Quiver:Jobs:OutageLimit", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ErrorCodes.ProviderBudgetSpent, null)]
    [InlineData(ErrorCodes.ProviderBusy, null)]
    [InlineData(ErrorCodes.ProviderThrottled, ErrorCodes.ProviderThrottled)]
    [InlineData(ErrorCodes.ProviderCircuitOpen, ErrorCodes.ProviderUnavailable)]
    public void Attempts_ThrottledBeyondTheOutageLimit_EndByTheirCause(string code, string? expected)
    {
        var attempts = Retry().Start();
        var fault = new ThrottledException(code, "Wait.");
        Assert.NotNull(attempts.WaitAfter(fault, out _));
        _time.Advance(TimeSpan.FromMinutes(6));

        var wait = attempts.WaitAfter(fault, out var end);

        Assert.Equal(expected, wait is null ? end.Code : null);
    }

    [Fact]
    public void Attempts_QuotaThatIsUsedUp_EndAtOnceWithIt()
    {
        var fault = new ThrottledException(ErrorCodes.ProviderQuotaSpent, "Tomorrow.") { RetryAfter = TimeSpan.FromHours(8) };

        var wait = Retry().Start().WaitAfter(fault, out var end);

        Assert.Null(wait);
        Assert.Same(fault, end);
    }

    [Fact]
    public void Attempts_OfOneRetry_ShareTheOutage()
    {
        var retry = Retry();
        var (one, other) = (retry.Start(), retry.Start());
        var fault = new ThrottledException(ErrorCodes.ProviderThrottled, "Wait.");
        one.WaitAfter(fault, out _);
        _time.Advance(TimeSpan.FromMinutes(6));

        other.Succeeded();

        Assert.NotNull(one.WaitAfter(fault, out _));
    }

    [Fact]
    public async Task Step_CancelledInItsWait_Stops()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var step = Retry().RunAsync<int>("It", _ => throw new TransientException("flaky", "Flaky."), stop.Token);
        await Patience.UntilAsync(() => _time.PendingTimers > 0, "the step waits");

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => step.OrFailAsync("the step"));
    }

    private Task ElapseUntilAsync(Task step) => Patience.UntilAsync(
        () =>
        {
            if (!step.IsCompleted && _time.PendingTimers > 0)
            {
                _time.Advance(TimeSpan.FromSeconds(10));
            }

            return step.IsCompleted;
        },
        "the step has ended");

    private JobRetry Retry() =>
        new(new RetrySchedule(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(8), new Random(1)), maxAttempts: 4, TimeSpan.FromMinutes(5), _time, (code, _) => _stalls.Add(code));
}
