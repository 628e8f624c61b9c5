using System.Collections.Concurrent;
using Quiver.Core.Embedding.Budgets;
using Quiver.Core.Embedding;
using Quiver.GrainInterfaces.Providers;
using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Core.Embedding.Budgets;

public sealed class BudgetGateTests : IBudgetLessor
{
    private static readonly ProviderLimits Limits = new(64, 2000, 1000, 64, 120, 60_000);
    private static readonly TenantId Heavy = TenantId.Parse("heavy");
    private static readonly TenantId Light = TenantId.Parse("light");

    private readonly ManualTimeProvider _time = new();
    private readonly Lock _lock = new();
    private ProviderBudget _budget;
    private readonly ConcurrentQueue<(DateTimeOffset At, TenantId Tenant, int Tokens)> _sent = new();
    private int _asks;

    public BudgetGateTests() => _budget = new ProviderBudget(Limits, _time.GetUtcNow());

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public Task<BudgetGrant> LeaseAsync(string provider, BudgetAsk ask, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _asks);
        lock (_lock)
        {
            return Task.FromResult(_budget.Lease(ask, _time.GetUtcNow()));
        }
    }

    [Fact]
    public Task TwoTenants_OneFarBusier_NeitherStarvesAndTheLimitHolds() =>
        // One at a time and in order: on the thread pool of a busy machine a request could note its time after the clock has advanced.
        Task.Factory.StartNew(LetTwoTenantsWorkAsync, Token, TaskCreationOptions.None, new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler).Unwrap();

    private async Task LetTwoTenantsWorkAsync()
    {
        var gate = new BudgetGate("p", "silo", this, _time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Token);
        Task[] workers = [.. Enumerable.Range(0, 50).Select(_ => WorkAsync(gate, Heavy, 700, end.Token)), .. Enumerable.Range(0, 4).Select(_ => WorkAsync(gate, Light, 700, end.Token))];
        for (var i = 0; i < 1800; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            await SettleAsync(static () => false);
        }

        await end.CancelAsync();
        await Task.WhenAll(workers);
        var sent = _sent.OrderBy(entry => entry.At).ToList();
        var most = sent.Max(entry => sent.Where(other => other.At >= entry.At && other.At < entry.At.AddMinutes(1)).Sum(other => other.Tokens));
        var light = sent.Count(entry => entry.Tenant == Light);
        Assert.InRange(most, 1, Limits.TokensPerMinute!.Value);
        Assert.True(light > sent.Count / 4, $"light got {light} of {sent.Count}");
        Assert.True(sent.Count - light > sent.Count / 4, $"heavy got {sent.Count - light} of {sent.Count}");
    }

    [Fact]
    public async Task Waiting_ThatIsGivenUp_HoldsNobodyUp()
    {
        var gate = new BudgetGate("p", "silo", this, _time);
        await gate.EnterAsync(Heavy, 1000, Token);
        using var gone = new CancellationTokenSource();
        var given = gate.EnterAsync(Heavy, 1000, gone.Token);
        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
    }

    [Fact]
    public async Task ManyRequests_AskTogether()
    {
        _budget = new ProviderBudget(Limits with { RequestsPerMinute = 60_000, TokensPerMinute = null }, _time.GetUtcNow());
        var gate = new BudgetGate("p", "silo", this, _time);

        var all = Task.WhenAll(Enumerable.Range(0, 500).Select(_ => EnterAsync(gate)));
        while (!all.IsCompleted)
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            await SettleAsync(() => all.IsCompleted);
        }

        await all;
        Assert.InRange(_asks, 1, 50);

        async Task EnterAsync(BudgetGate entered)
        {
            while (true)
            {
                try
                {
                    await entered.EnterAsync(Heavy, 10, Token);
                    return;
                }
                catch (ThrottledException e)
                {
                    await Task.Delay(e.RetryAfter!.Value, _time, Token);
                }
            }
        }
    }

    /// <summary>Yields until the gate has done what the clock allows and a timer is pending.</summary>
    /// <param name="done">Ends without a pending timer.</param>
    private async Task SettleAsync(Func<bool> done)
    {
        const int quiet = 1000;
        for (var (still, asks) = (0, Volatile.Read(ref _asks)); still < quiet || (_time.PendingTimers == 0 && !done()); still++)
        {
            // Through the thread pool, on which the gate leases: yielding alone would spin ahead of it on an idle machine.
            await Task.Factory.StartNew(static () => { }, Token, TaskCreationOptions.PreferFairness, TaskScheduler.Default);
            if (Volatile.Read(ref _asks) is var now && now != asks)
            {
                (still, asks) = (0, now);
            }
        }
    }

    private async Task WorkAsync(BudgetGate gate, TenantId tenant, int tokens, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            try
            {
                await gate.EnterAsync(tenant, tokens, end);
                _sent.Enqueue((_time.GetUtcNow(), tenant, tokens));
            }
            catch (ThrottledException e)
            {
                await Task.Delay(e.RetryAfter!.Value, _time, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }
}
