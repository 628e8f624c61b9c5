using Quiver.Core.Embedding.Providers;
using Quiver.GrainInterfaces.Providers;

namespace Quiver.Core.Embedding.Budgets;

/// <summary>
/// Shares a provider's requests and tokens per minute among silos and tenants. Tenants take turns by what they were given (start-time fair
/// queueing, Goyal, Vin and Cheng 1996): whoever had least is next, and nobody with a smaller request overtakes him while he waits, at
/// whichever silo. The limit holds in every minute. Not thread-safe.
/// </summary>
internal sealed class ProviderBudget
{
    private const int MostWaiting = 10_000;
    private static readonly TimeSpan SpareLife = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(50);

    private readonly RateBucket? _requests;
    private readonly RateBucket? _tokens;
    private readonly ProviderLimits _limits;
    private readonly Dictionary<TenantId, double> _given = [];
    private Dictionary<(string Silo, TenantId Tenant), WaitingDemand> _waiting = [];
    private double _turn;

    public ProviderBudget(ProviderLimits limits, DateTimeOffset now)
    {
        _limits = limits;

        // Who has just started does not know what was sent before in this minute, and begins with little.
        _requests = limits.RequestsPerMinute is { } requests ? new RateBucket(requests, limits.RequestBurst, level: 1, whole: true, SpareLife, now) : null;
        _tokens = limits.TokensPerMinute is { } tokens ? new RateBucket(tokens, limits.TokenBurst, limits.TokenBurst, whole: false, SpareLife, now) : null;
    }

    /// <summary>How long the place of a demand is kept that got nothing and does not ask again.</summary>
    public static TimeSpan Memory { get; } = TimeSpan.FromSeconds(10);

    /// <summary>The budget of a provider of a catalog.</summary>
    /// <param name="models">The catalog.</param>
    /// <param name="provider">The provider's name.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="NotFoundException">With <see cref="ErrorCodes.UnknownProvider"/>: it has no limits, or is not there.</exception>
    public static ProviderBudget Create(IEmbeddingModelCatalog models, string provider, DateTimeOffset now) => models.FindByName(provider)?.Limits is { } limits
        ? new ProviderBudget(limits, now)
        : throw new NotFoundException(ErrorCodes.UnknownProvider, $"This silo has no remote provider {provider}: give all silos the same settings.");

    /// <summary>Decides what a silo may send.</summary>
    /// <param name="ask">All that waits there.</param>
    /// <param name="now">The time.</param>
    public BudgetGrant Lease(BudgetAsk ask, DateTimeOffset now)
    {
        _requests?.Refill(now);
        _tokens?.Refill(now);
        Remember(ask, now);
        var wait = TakeTurns();
        var granted = ask.Tenants.Select(demand => _waiting.TryGetValue((ask.Silo, demand.Tenant), out var asked) ? asked.Served : 0).ToImmutableArray();
        _waiting = _waiting.Values.Select(demand => demand.Rest()).OfType<WaitingDemand>().ToDictionary(demand => (demand.Silo, demand.Tenant));
        var spare = _waiting.Count == 0 ? StartAfresh() : default;
        return new BudgetGrant { Granted = granted, SpareRequests = spare.Requests, SpareTokens = spare.Tokens, SpareLife = SpareLife, RetryAfter = wait };
    }

    private void Remember(BudgetAsk ask, DateTimeOffset now)
    {
        foreach (var (key, demand) in _waiting.ToList())
        {
            demand.IsAsking = false;
            if (demand.Until <= now)
            {
                _waiting.Remove(key);
            }
        }

        foreach (var demand in ask.Tenants.Where(demand => !demand.Requests.IsEmpty))
        {
            var key = (ask.Silo, demand.Tenant);
            if (_waiting.Count < MostWaiting || _waiting.ContainsKey(key))
            {
                _waiting[key] = new WaitingDemand(ask.Silo, demand, now + Memory);
            }
        }
    }

    /// <summary>Gives turns until something is missing; what is meant for others than who asks is only set aside.</summary>
    /// <returns>How long until the next turn; zero when nobody waits for one.</returns>
    private TimeSpan TakeTurns()
    {
        var (requestsAside, tokensAside) = (0d, 0d);
        Dictionary<TenantId, double> given = new(_given);
        while (FindNext(given) is { } next)
        {
            var tokens = Math.Min(next.Next, _limits.TokenBurst);
            var missing = Longer(_requests?.Until(1 + requestsAside - _requests.Level), _tokens?.Until(tokens + tokensAside - _tokens.Level));
            if (missing > TimeSpan.Zero)
            {
                return missing < ShortestWait ? ShortestWait : missing;
            }

            var start = StartOf(next, given);
            given[next.Tenant] = start + Cost(tokens);
            next.Served++;
            if (!next.IsAsking)
            {
                (requestsAside, tokensAside) = (requestsAside + 1, tokensAside + tokens);
                continue;
            }

            _given[next.Tenant] = given[next.Tenant];
            _turn = start;
            _requests?.Take(1);
            _tokens?.Take(tokens);
        }

        return TimeSpan.Zero;
    }

    private WaitingDemand? FindNext(Dictionary<TenantId, double> given)
    {
        WaitingDemand? first = null;
        foreach (var demand in _waiting.Values)
        {
            if (demand.HasNext && (first is null || Precedes(demand, first, given)))
            {
                first = demand;
            }
        }

        return first;
    }

    private bool Precedes(WaitingDemand one, WaitingDemand other, Dictionary<TenantId, double> given)
    {
        var order = StartOf(one, given).CompareTo(StartOf(other, given));
        return order < 0 || (order == 0 && string.CompareOrdinal(one.Tenant.Value, other.Tenant.Value) < 0);
    }

    /// <summary>Who was idle begins where the others are: rest is not saved up.</summary>
    private double StartOf(WaitingDemand demand, Dictionary<TenantId, double> given) => Math.Max(given.GetValueOrDefault(demand.Tenant), _turn);

    private double Cost(int tokens) => (1d / (_limits.RequestsPerMinute ?? int.MaxValue)) + ((double)tokens / (_limits.TokensPerMinute ?? int.MaxValue));

    /// <summary>Nobody waits: turns begin anew, and the silo gets a slice ahead.</summary>
    private (int Requests, int Tokens) StartAfresh()
    {
        _given.Clear();
        _turn = 0;
        var requests = (int)Math.Min((_requests?.Level ?? int.MaxValue) / 2, _requests?.PerSecond ?? int.MaxValue);
        var tokens = (int)Math.Min((_tokens?.Level ?? int.MaxValue) / 2, _tokens?.PerSecond ?? int.MaxValue);
        if (requests < 1 || tokens < 1)
        {
            return default;
        }

        _requests?.Take(requests);
        _tokens?.Take(tokens);
        return (requests, tokens);
    }

    private static TimeSpan Longer(TimeSpan? first, TimeSpan? second) =>
        TimeSpan.FromTicks(Math.Max((first ?? TimeSpan.Zero).Ticks, (second ?? TimeSpan.Zero).Ticks));
}
