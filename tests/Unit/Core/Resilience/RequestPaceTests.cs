using Quiver.Core.Resilience;
using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Core.Resilience;

public sealed class RequestPaceTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Workers that send as fast as the pace allows, at a provider with a limit per minute: a token bucket that states the wait exactly or in
    /// whole seconds, or a fixed window. After the first minute most of the limit is used and few requests are throttled.
    /// </summary>
    [Theory]
    [InlineData("bucket", 60, 1)]
    [InlineData("bucket", 60, 4)]
    [InlineData("bucket", 60, 12)]
    [InlineData("bucket", 600, 12)]
    [InlineData("seconds", 60, 4)]
    [InlineData("seconds", 60, 12)]
    [InlineData("window", 60, 1)]
    [InlineData("window", 60, 12)]
    [InlineData("window", 600, 12)]
    public void Provider_WithALimit_IsUsedAlmostFully_AndThrottlesFewRequests(string kind, int perMinute, int workers)
    {
        var (accepted, throttled) = Simulate(kind, perMinute, workers, minutes: 10);

        Assert.InRange(accepted, 0.9 * 10 * perMinute, 1.05 * 10 * perMinute);
        Assert.InRange(throttled, 0, 0.1 * accepted);
    }

    [Fact]
    public void Provider_ThatThrottlesNowAndThenForMoments_IsNotPaced()
    {
        var pace = new RequestPace();
        var random = Seed.For(nameof(Provider_ThatThrottlesNowAndThenForMoments_IsNotPaced));
        var now = Start;
        for (var i = 0; i < 1000; i++)
        {
            Assert.Equal(TimeSpan.Zero, pace.Reserve(now, MaxWait));
            now += Latency;
            if (random.Next(4) == 0)
            {
                var wait = TimeSpan.FromMilliseconds(random.Next(1, 50));
                pace.Throttled(now, wait);
                now += wait;
            }
            else
            {
                pace.Accepted(now);
            }
        }

        Assert.Equal(TimeSpan.Zero, pace.Interval);
    }

    [Fact]
    public void Provider_ThatNeverThrottles_IsNotPaced()
    {
        var pace = new RequestPace();
        for (var i = 0; i < 1000; i++)
        {
            Assert.Equal(TimeSpan.Zero, pace.Reserve(Start, MaxWait));
            pace.Accepted(Start);
        }
    }

    [Fact]
    public void Pace_OfAThrottleAfterLittleDemand_IsSoonForgotten()
    {
        var pace = new RequestPace();
        pace.Reserve(Start, MaxWait);
        pace.Throttled(Start, TimeSpan.FromSeconds(20));
        var now = Start + TimeSpan.FromSeconds(20);
        Assert.InRange(pace.Interval, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(7));
        while (pace.Interval > TimeSpan.Zero)
        {
            now += pace.Reserve(now, TimeSpan.MaxValue);
            pace.Accepted(now);
        }

        Assert.InRange(now - Start, TimeSpan.FromSeconds(20), TimeSpan.FromMinutes(3));
    }

    [Fact]
    public void Reserve_BeyondTheLongestWait_TakesNoTurn()
    {
        var pace = new RequestPace();
        pace.Throttled(Start, TimeSpan.FromSeconds(1));

        Assert.Equal(TimeSpan.FromSeconds(1), pace.Reserve(Start, MaxWait));
        var second = pace.Reserve(Start, TimeSpan.FromSeconds(1));
        Assert.True(second > TimeSpan.FromSeconds(1));
        Assert.Equal(second, pace.Reserve(Start, MaxWait));
    }

    private static (int Accepted, int Throttled) Simulate(string kind, int perMinute, int workers, int minutes)
    {
        var pace = new RequestPace();
        var provider = new LimitedProvider(kind, perMinute);
        var queue = new PriorityQueue<Step, (DateTimeOffset At, int Order)>();
        var (order, heldUntil, accepted, throttled) = (0, Start, 0, 0);
        for (var worker = 0; worker < workers; worker++)
        {
            Then(Step.Enter, Start);
        }

        while (queue.TryDequeue(out var step, out var due) && due.At < Start + TimeSpan.FromMinutes(minutes + 1))
        {
            var (now, isCounted) = (due.At, due.At >= Start + TimeSpan.FromMinutes(1));
            if (now < heldUntil && step != Step.Arrive)
            {
                Then(Step.Enter, heldUntil);
            }
            else if (step == Step.Enter)
            {
                var wait = pace.Reserve(now, MaxWait);
                Then(wait <= MaxWait ? Step.Send : Step.Enter, now + wait);
            }
            else if (step == Step.Send)
            {
                Then(Step.Arrive, now + Latency);
            }
            else if (provider.Throttles(now) is { } asked)
            {
                throttled += isCounted ? 1 : 0;
                pace.Throttled(now, asked);
                heldUntil = now + asked > heldUntil ? now + asked : heldUntil;
                Then(Step.Enter, now);
            }
            else
            {
                accepted += isCounted ? 1 : 0;
                pace.Accepted(now);
                Then(Step.Enter, now);
            }
        }

        return (accepted, throttled);

        void Then(Step step, DateTimeOffset at) => queue.Enqueue(step, (at, order++));
    }

    private enum Step
    {
        Enter,
        Send,
        Arrive,
    }

    private sealed class LimitedProvider(string kind, int perMinute)
    {
        private const double Capacity = 5;
        private double _tokens = Capacity;
        private DateTimeOffset _at = Start;
        private (long Minute, int Used) _window;

        /// <summary>Takes a request; returns how long to wait when it is throttled.</summary>
        public TimeSpan? Throttles(DateTimeOffset now)
        {
            if (kind == "window")
            {
                var minute = (long)(now - Start).TotalMinutes;
                _window = minute == _window.Minute ? _window : (minute, 0);
                _window.Used++;
                return _window.Used <= perMinute ? null : Start + TimeSpan.FromMinutes(minute + 1) - now;
            }

            var perSecond = perMinute / 60d;
            _tokens = Math.Min(Capacity, _tokens + ((now - _at).TotalSeconds * perSecond));
            _at = now;
            if (_tokens >= 1)
            {
                _tokens--;
                return null;
            }

            var wait = (1 - _tokens) / perSecond;
            return TimeSpan.FromSeconds(kind == "seconds" ? Math.Ceiling(wait) : wait);
        }
    }
}
