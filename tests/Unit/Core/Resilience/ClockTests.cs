using Quiver.Core.Embedding;
using Quiver.Core.Embedding.Budgets;
using Quiver.Core.Resilience;
using Quiver.GrainInterfaces.Providers;
using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Core.Resilience;

/// <summary>A machine's clock that is set by an hour: waits become neither longer nor shorter, and nothing is deleted early.</summary>
public sealed class ClockTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly ManualTimeProvider _time = new();

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public void SteadyTime_WhileTheClockIsSet_PassesAsBefore(int hours)
    {
        var steady = new SteadyTimeProvider(_time);
        var start = steady.GetUtcNow();

        _time.ClockError = hours * Hour;
        _time.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal(start + TimeSpan.FromMinutes(5), steady.GetUtcNow());
    }

    [Fact]
    public void DeletionClock_OfAClockSetForward_StaysBehindForADay_AndThenBelievesIt()
    {
        var clock = new DeletionClock(_time);
        _time.ClockError = Hour;

        var atOnce = clock.GetUtcNow();
        _time.Advance(TimeSpan.FromHours(23));
        var later = clock.GetUtcNow();
        _time.Advance(TimeSpan.FromHours(2));
        var believed = clock.GetUtcNow();

        Assert.Equal(_time.GetUtcNow() - Hour - TimeSpan.FromHours(25), atOnce);
        Assert.Equal(_time.GetUtcNow() - Hour - TimeSpan.FromHours(2), later);
        Assert.Equal(_time.GetUtcNow(), believed);
        _time.ClockError = Hour + Hour;
        Assert.Equal(believed, clock.GetUtcNow());
    }

    [Fact]
    public void DeletionClock_OfAClockThatIsSetBackOrCorrected_FollowsIt()
    {
        var clock = new DeletionClock(_time);

        _time.ClockError = -Hour;
        var back = clock.GetUtcNow();
        _time.ClockError = Hour;
        var forward = clock.GetUtcNow();
        _time.ClockError = TimeSpan.FromSeconds(30);
        var corrected = clock.GetUtcNow();

        var right = _time.GetUtcNow() - _time.ClockError;
        Assert.Equal((right - Hour, right, right + TimeSpan.FromSeconds(30)), (back, forward, corrected));
    }

    [Theory]
    [InlineData(0, 60)]
    [InlineData(-1, 60)]
    [InlineData(1, 0)]
    public void StoredDeadline_WithAClockThatIsSet_ComesAtTheLatestInTime(int hours, int minutes)
    {
        var deadlines = new StoredDeadlines<string>(_time);
        var at = _time.GetUtcNow() + Hour;
        var first = deadlines.TimeUntil("job", at);

        _time.ClockError = hours * Hour;
        var left = deadlines.TimeUntil("job", at);
        _time.Advance(left);

        Assert.Equal((Hour, TimeSpan.FromMinutes(minutes)), (first, left));
        Assert.True(deadlines.TimeUntil("job", at) <= TimeSpan.Zero);
        Assert.Equal(Hour * 2, deadlines.TimeUntil("job", _time.GetUtcNow() + (Hour * 2)));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task Budget_WhileTheClockIsSet_IsFilledAsBefore(int hours)
    {
        var model = new HashModel();
        var limits = new ProviderLimits(64, 1000, 100, 8, RequestsPerMinute: 60);
        var provider = EmbeddingProvider.OfService("p", "openai", new Uri("http://p"), model, limits, static () => null);
        var lessor = new LocalBudgetLessor(() => new EmbeddingModelCatalog([provider], "p"), _time);
        await LeaseAsync(1);
        var spent = await LeaseAsync(1);
        _time.ClockError = hours * Hour;
        var atOnce = await LeaseAsync(1);
        _time.Advance(TimeSpan.FromSeconds(2));

        var later = await LeaseAsync(1);

        Assert.Equal((0, 0, 1), (spent, atOnce, later));

        async Task<int> LeaseAsync(int requests) => (await lessor.LeaseAsync(
            "p",
            new BudgetAsk { Silo = "s", Tenants = [new() { Tenant = TenantId.Parse("acme"), Requests = [.. Enumerable.Repeat(10, requests)] }] },
            TestContext.Current.CancellationToken)).Granted[0];
    }
}
