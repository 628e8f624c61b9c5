using Quiver.Core.Embedding.Budgets;
using Quiver.Core.Embedding;
using Quiver.GrainInterfaces.Providers;
using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Core.Embedding.Budgets;

public sealed class ProviderBudgetTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Two silos ask at any time and use their grants within their lifetime: no minute exceeds the limit.</summary>
    [Theory]
    [InlineData(1, null)]
    [InlineData(3, null)]
    [InlineData(60, 12_000)]
    [InlineData(3000, 1_000_000)]
    [InlineData(null, 5_000)]
    public void Limits_InAnyMinute_AreNeverExceeded(int? requests, int? tokens)
    {
        var random = Seed.For($"{nameof(Limits_InAnyMinute_AreNeverExceeded)} {requests} {tokens}");
        var budget = new ProviderBudget(new ProviderLimits(64, 2000, 1000, 64, requests, tokens), Start);
        var sent = new List<(DateTimeOffset At, int Requests, int Tokens)>();
        var now = Start;
        while (now < Start + TimeSpan.FromMinutes(6))
        {
            var ask = Ask($"silo-{random.Next(2)}", [.. Enumerable.Range(0, random.Next(1, 4)).Select(tenant => ($"t{tenant}", Enumerable.Range(0, random.Next(1, 9)).Select(_ => random.Next(1, 1000)).ToArray()))]);
            var grant = budget.Lease(ask, now);
            for (var i = 0; i < ask.Tenants.Length; i++)
            {
                sent.AddRange(ask.Tenants[i].Requests.Take(grant.Granted[i]).Select(size => (now, 1, size)));
            }

            // The slice ahead is used as late as possible.
            sent.Add((now + grant.SpareLife, Math.Min(grant.SpareRequests, 1_000_000), Math.Min(grant.SpareTokens, 1_000_000)));
            now += TimeSpan.FromMilliseconds(random.Next(1, 400));
        }

        var most = sent.Select(entry => Window(sent, entry.At)).Aggregate((one, other) => (Math.Max(one.Requests, other.Requests), Math.Max(one.Tokens, other.Tokens)));
        Assert.True(requests is null || most.Requests <= requests, $"{most.Requests} requests in a minute, {Seed.Text}");
        Assert.True(tokens is null || most.Tokens <= tokens, $"{most.Tokens} tokens in a minute, {Seed.Text}");
        Assert.True(sent.Sum(entry => entry.Requests) > 0);
    }

    [Theory]
    [InlineData(6)]
    [InlineData(60)]
    [InlineData(600)]
    [InlineData(6000)]
    public void Saturated_Budget_GivesMostOfItsLimit(int perMinute)
    {
        var budget = new ProviderBudget(new ProviderLimits(64, 2000, 1000, 64, perMinute), Start);
        var granted = 0;
        for (var now = Start; now < Start + TimeSpan.FromMinutes(10); now += TimeSpan.FromMilliseconds(100))
        {
            granted += budget.Lease(Ask("silo", ("t", Enumerable.Repeat(10, 64).ToArray())), now).Granted[0];
        }

        Assert.InRange(granted, perMinute * 10 * 0.9, perMinute * 10);
    }

    [Fact]
    public void TwoTenants_OneOfThemWithFarMore_GetTheSame()
    {
        var budget = new ProviderBudget(new ProviderLimits(64, 2000, 1000, 64, null, 60_000), Start);
        var (heavy, light) = (0, 0);
        for (var now = Start; now < Start + TimeSpan.FromMinutes(5); now += TimeSpan.FromMilliseconds(200))
        {
            var grant = budget.Lease(Ask("silo", ("heavy", Enumerable.Repeat(1000, 60).ToArray()), ("light", [500, 500])), now);
            heavy += grant.Granted[0] * 1000;
            light += grant.Granted[1] * 500;
        }

        Assert.InRange((double)light / heavy, 0.9, 1.1);
    }

    [Fact]
    public void TenantOfAnotherSilo_ThatWaits_KeepsItsTurn()
    {
        var budget = new ProviderBudget(new ProviderLimits(64, 2000, 1000, 64, 6), Start);
        budget.Lease(Ask("one", ("heavy", [1, 1, 1])), Start);
        var refused = budget.Lease(Ask("two", ("light", [1])), Start);

        // Its turn comes; the other silo asks first, and all the time.
        var heavy = 0;
        for (var now = Start; now < Start + refused.RetryAfter; now += TimeSpan.FromMilliseconds(100))
        {
            heavy += budget.Lease(Ask("one", ("heavy", [1, 1, 1])), now).Granted[0];
        }

        var late = budget.Lease(Ask("two", ("light", [1])), Start + refused.RetryAfter + TimeSpan.FromMilliseconds(50));

        Assert.Equal((0, 0, 1), (refused.Granted[0], heavy, late.Granted[0]));
    }

    [Fact]
    public void SiloThatDoesNotComeBack_HoldsNobodyUpForLong()
    {
        var budget = new ProviderBudget(new ProviderLimits(64, 2000, 1000, 64, 6), Start);
        budget.Lease(Ask("gone", ("a", [1, 1])), Start);

        var later = Start + ProviderBudget.Memory + TimeSpan.FromSeconds(20);

        Assert.Equal(1, budget.Lease(Ask("other", ("b", [1])), later).Granted[0]);
    }

    [Fact]
    public void LargeRequest_IsNotOvertakenForEverBySmallOnes()
    {
        var budget = new ProviderBudget(new ProviderLimits(64, 5000, 5000, 64, null, 60_000), Start);
        budget.Lease(Ask("silo", ("small", [4000])), Start);
        var waited = TimeSpan.Zero;
        for (; waited < TimeSpan.FromSeconds(30); waited += TimeSpan.FromMilliseconds(50))
        {
            var grant = budget.Lease(Ask("silo", ("large", [5000]), ("small", [.. Enumerable.Repeat(50, 60)])), Start + waited);
            if (grant.Granted[0] == 1)
            {
                break;
            }
        }

        Assert.InRange(waited.TotalSeconds, 0, 12);
    }

    private static (long Requests, long Tokens) Window(List<(DateTimeOffset At, int Requests, int Tokens)> sent, DateTimeOffset from)
    {
        var inside = sent.Where(entry => entry.At >= from && entry.At < from + TimeSpan.FromMinutes(1)).ToList();
        return (inside.Sum(entry => (long)entry.Requests), inside.Sum(entry => (long)entry.Tokens));
    }

    private static BudgetAsk Ask(string silo, params (string Tenant, int[] Requests)[] demands) => new()
    {
        Silo = silo,
        Tenants = [.. demands.Select(demand => new TenantDemand { Tenant = TenantId.Parse(demand.Tenant), Requests = [.. demand.Requests] })],
    };
}
