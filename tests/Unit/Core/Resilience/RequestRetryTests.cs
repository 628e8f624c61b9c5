using Quiver.Core.Resilience;
using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Core.Resilience;

public sealed class RequestRetryTests
{
    private readonly ManualTimeProvider _time = new();
    private int _calls;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Request_TransientFault_IsRepeatedUntilTheAttemptsAreUsedUp()
    {
        var request = Retry().RunAsync(() => ++_calls < 4 ? Task.FromException<int>(new TransientException("flaky", $"Call {_calls}.")) : Task.FromResult(_calls), Token);

        await ElapseUntilAsync(request);

        Assert.Equal("Call 3.", (await Assert.ThrowsAsync<TransientException>(() => request)).Message);
    }

    [Theory]
    [InlineData(6)]
    [InlineData(100_000)]
    public async Task Request_DelayBeyondTheWindow_IsNotRepeated(int seconds)
    {
        await Assert.ThrowsAsync<TransientException>(() => Retry().RunAsync(
            () => ++_calls > 0 ? Task.FromException<int>(new TransientException("flaky", "Flaky.") { RetryAfter = TimeSpan.FromSeconds(seconds) }) : Task.FromResult(0), Token));

        Assert.Equal(1, _calls);
    }

    [Fact]
    public async Task Request_Throttled_IsNotRepeated()
    {
        await Assert.ThrowsAsync<ThrottledException>(() => Retry().RunAsync<int>(() => throw new ThrottledException("slow", $"Call {++_calls}."), Token));

        Assert.Equal(1, _calls);
    }

    private Task ElapseUntilAsync(Task request) => Patience.UntilAsync(
        () =>
        {
            if (!request.IsCompleted && _time.PendingTimers > 0)
            {
                _time.Advance(TimeSpan.FromSeconds(1));
            }

            return request.IsCompleted;
        },
        "the request has ended");

    private RequestRetry Retry() => new(new RetrySchedule(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), new Random(1)), maxAttempts: 3, TimeSpan.FromSeconds(5), _time);
}
