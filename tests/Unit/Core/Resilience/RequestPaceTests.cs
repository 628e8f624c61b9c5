using Quiver.Core.Resilience;
using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Core.Resilience;

public sealed class RequestPaceTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(5);
    private const int Minutes = 10;

    /// <summary>
    /// Batches of a job that send as fast as holds and pace allow, at a provider with a limit of requests per minute: a token bucket with a burst of
    /// five that states the wait exactly or in whole seconds, or a fixed window. After the first minute most of the limit is used and few requests
    /// are throttled.
    /// </summary>
    [Theory]
    [InlineData("bucket", 60, 1, 1)]
    [InlineData("bucket", 60, 4, 4)]
    [InlineData("bucket", 60, 24, 8)]
    [InlineData("bucket", 600, 12, 12)]
    [InlineData("bucket", 600, 24, 8)]
    [InlineData("seconds", 60, 4, 4)]
    [InlineData("seconds", 60, 24, 8)]
    [InlineData("seconds", 600, 12, 12)]
    [InlineData("seconds", 600, 24, 8)]
    [InlineData("window", 60, 1, 1)]
    [InlineData("window", 60, 24, 8)]
    [InlineData("window", 600, 24, 8)]
    public void Provider_WithALimit_IsUsedAlmostFully_AndThrottlesFewRequests(string kind, int perMinute, int batches, int slots)
    {
        var (accepted, throttled, _) = Simulate(new LimitedProvider(kind, perMinute), batches, slots, Latency, static _ => 1);

        Assert.InRange(accepted, 0.9 * Minutes * perMinute, 1.05 * Minutes * perMinute);
        Assert.InRange(throttled, 0, 0.12 * accepted);
    }

    /// <summary>The same with a limit of tokens per minute and requests of different sizes.</summary>
    [Theory]
    [InlineData("bucket", 100_000, 10_000, 24, 8)]
    [InlineData("bucket", 100_000, 5000, 12, 4)]
    [InlineData("seconds", 100_000, 10_000, 24, 8)]
    [InlineData("seconds", 100_000, 5000, 12, 4)]
    [InlineData("bucket", 1_000_000, 100_000, 24, 8)]
    public void Provider_WithALimitOfTokens_IsUsedAlmostFully(string kind, int perMinute, int burst, int batches, int slots)
    {
        var (accepted, throttled, tokens) = Simulate(
            new LimitedProvider(kind, perMinute, burst), batches, slots, Latency, random => perMinute * (0.005 + (0.025 * random.NextDouble())));

        Assert.InRange(tokens, 0.85 * Minutes * perMinute, 1.05 * Minutes * perMinute);
        Assert.InRange(throttled, 0, 0.25 * accepted);
    }

    /// <summary>A provider that throttles one request in ten, at any rate, and asks for a second: only the throttled requests wait.</summary>
    [Theory]
    [InlineData(0.1, 100, 24, 8, 0.85)]
    [InlineData(0.1, 300, 12, 4, 0.85)]
    [InlineData(0.1, 1000, 24, 8, 0.85)]
    [InlineData(0.05, 100, 24, 8, 0.9)]
    [InlineData(0.15, 300, 24, 8, 0.75)]
    public void Provider_ThatThrottlesAtRandom_IsUsedAlmostAsMuchAsOneThatDoesNot(double share, int latency, int batches, int slots, double least)
    {
        var unthrottled = Simulate(new LimitedProvider("random", 0, share: 0), batches, slots, TimeSpan.FromMilliseconds(latency), static _ => 1);

        var (accepted, _, _) = Simulate(new LimitedProvider("random", 0, share: share), batches, slots, TimeSpan.FromMilliseconds(latency), static _ => 1);

        Assert.InRange(accepted, least * unthrottled.Accepted, unthrottled.Accepted);
    }

    [Fact]
    public void Throttle_OfOneInTen_IsOnlyForThatRequest_AndOfMostIsForAll()
    {
        var pace = new RequestPace();
        for (var i = 0; i < 32; i++)
        {
            pace.Accepted(Start);
        }

        var rare = pace.Throttled(Start, TimeSpan.FromSeconds(1));
        var rareAndLong = pace.Throttled(Start, TimeSpan.FromSeconds(5));
        var many = Enumerable.Range(0, 14).Select(_ => pace.Throttled(Start, TimeSpan.FromSeconds(1))).ToList();

        Assert.Equal((false, true, 13), (rare, rareAndLong, many.IndexOf(true)));
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

    /// <summary>
    /// Runs the batches of a job, more than can be at the model at a time, for a minute and for those that count. A batch whose request is throttled
    /// gives its slot to another one while it waits.
    /// </summary>
    private static (int Accepted, int Throttled, double Size) Simulate(LimitedProvider provider, int batches, int slots, TimeSpan latency, Func<Random, double> size)
    {
        var random = new Random(1);
        provider.Random = random;
        var pace = new RequestPace();
        var queue = new PriorityQueue<(Step Step, int Batch), (DateTimeOffset At, int Order)>();
        var waiting = new Queue<int>();
        var sizes = Enumerable.Range(0, batches).Select(_ => size(random)).ToArray();
        var (order, free, heldUntil, accepted, throttled, sum) = (0, slots, Start, 0, 0, 0d);
        for (var batch = 0; batch < batches; batch++)
        {
            Then(Step.Begin, batch, Start);
        }

        while (queue.TryDequeue(out var next, out var due) && due.At < Start + TimeSpan.FromMinutes(Minutes + 1))
        {
            var (now, isCounted) = (due.At, due.At >= Start + TimeSpan.FromMinutes(1));
            switch (next.Step)
            {
                case Step.Begin when free == 0:
                    waiting.Enqueue(next.Batch);
                    break;
                case Step.Begin:
                    free--;
                    Then(Step.Enter, next.Batch, now);
                    break;
                case Step.Enter or Step.Send when now < heldUntil:
                    Leave(now);
                    Then(Step.Begin, next.Batch, Later(heldUntil - now));
                    break;
                case Step.Enter:
                    var wait = pace.Reserve(now, MaxWait);
                    if (wait > MaxWait)
                    {
                        Leave(now);
                    }

                    Then(wait > MaxWait ? Step.Begin : Step.Send, next.Batch, now + wait);
                    break;
                case Step.Send:
                    Then(Step.Arrive, next.Batch, now + latency);
                    break;
                default:
                    Leave(now);
                    if (provider.Throttles(now, sizes[next.Batch]) is { } asked)
                    {
                        throttled += isCounted ? 1 : 0;
                        if (pace.Throttled(now, asked))
                        {
                            heldUntil = now + asked > heldUntil ? now + asked : heldUntil;
                            Then(Step.Begin, next.Batch, Later(heldUntil - now));
                        }
                        else
                        {
                            Then(Step.Begin, next.Batch, now + asked);
                        }

                        break;
                    }

                    pace.Accepted(now);
                    (accepted, sum) = isCounted ? (accepted + 1, sum + sizes[next.Batch]) : (accepted, sum);
                    sizes[next.Batch] = size(random);
                    Then(Step.Begin, next.Batch, now);
                    break;
            }

            // With the jitter of a hold.
            DateTimeOffset Later(TimeSpan wait) => now + wait + (TimeSpan.FromSeconds(Math.Min(1, wait.TotalSeconds)) * random.NextDouble());
        }

        return (accepted, throttled, sum);

        void Then(Step step, int batch, DateTimeOffset at) => queue.Enqueue((step, batch), (at, order++));

        void Leave(DateTimeOffset now)
        {
            if (waiting.TryDequeue(out var batch))
            {
                Then(Step.Enter, batch, now);
            }
            else
            {
                free++;
            }
        }
    }

    private enum Step
    {
        Begin,
        Enter,
        Send,
        Arrive,
    }

    /// <param name="kind">How it limits: a bucket that states the wait exactly or in whole seconds, a fixed window of a minute, or at random.</param>
    /// <param name="perMinute">The limit.</param>
    /// <param name="burst">The bucket's size.</param>
    /// <param name="share">The share of requests that are throttled at random.</param>
    private sealed class LimitedProvider(string kind, int perMinute, double burst = 5, double share = 0)
    {
        private double _used;
        private DateTimeOffset _at = Start;
        private (long Minute, int Used) _window;

        public Random Random { get; set; } = new(1);

        /// <summary>Takes a request; returns how long to wait when it is throttled.</summary>
        public TimeSpan? Throttles(DateTimeOffset now, double size)
        {
            if (kind == "random")
            {
                return Random.NextDouble() < share ? TimeSpan.FromSeconds(1) : null;
            }

            if (kind == "window")
            {
                var minute = (long)(now - Start).TotalMinutes;
                _window = minute == _window.Minute ? _window : (minute, 0);
                _window.Used++;
                return _window.Used <= perMinute ? null : Start + TimeSpan.FromMinutes(minute + 1) - now;
            }

            var perSecond = perMinute / 60d;
            _used = Math.Max(0, _used - ((now - _at).TotalSeconds * perSecond));
            _at = now;
            if (_used + size <= burst)
            {
                _used += size;
                return null;
            }

            var wait = (_used + size - burst) / perSecond;
            return TimeSpan.FromSeconds(kind == "seconds" ? Math.Ceiling(wait) : wait);
        }
    }
}
