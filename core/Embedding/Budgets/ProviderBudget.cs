using Quiver.GrainInterfaces.Providers;

namespace Quiver.Core.Embedding.Budgets;

/// <summary>
/// Shares a provider's requests and tokens per minute among silos and tenants. Tenants take turns by what they were given (start-time fair
/// queueing, Goyal, Vin and Cheng 1996): the tenant that was given least is next, and no smaller request overtakes it while it waits, at any
/// silo. The limit holds in every minute. Not thread-safe.
/// </summary>
internal sealed class ProviderBudget
{
    private const int MaxWaiting = 10_000;
    private static readonly TimeSpan SpareLife = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MinWait = TimeSpan.FromMilliseconds(50);

    private readonly RateBucket? _requests;
    private readonly RateBucket? _tokens;
    private readonly ProviderLimits _limits;
    private readonly Dictionary<TenantId, double> _given = [];
    private Dictionary<(string Silo, TenantId Tenant), WaitingDemand> _waiting = [];
    private double _turn;

    public ProviderBudget(ProviderLimits limits, DateTimeOffset now)
    {
        _limits = limits;

        // A new budget does not know what was sent earlier in this minute, so it starts with one request.
        _requests = limits.RequestsPerMinute is { } requests ? new RateBucket(requests, limits.RequestBurst, level: 1, whole: true, SpareLife, now) : null;
        _tokens = limits.TokensPerMinute is { } tokens ? new RateBucket(tokens, limits.TokenBurst, limits.TokenBurst, whole: false, SpareLife, now) : null;
    }

    /// <summary>How long a demand that got nothing and is not repeated keeps its turn.</summary>
    public static TimeSpan Memory { get; } = TimeSpan.FromSeconds(10);

    /// <summary>Creates the budget of a provider in a catalog.</summary>
    /// <exception cref="NotFoundException">With <see cref="ErrorCodes.UnknownProvider"/>: there is no such provider, or it has no limits.</exception>
    public static ProviderBudget Create(IEmbeddingModelCatalog models, string provider, DateTimeOffset now) => models.FindByName(provider)?.Limits is { } limits
        ? new ProviderBudget(limits, now)
        : throw new NotFoundException(ErrorCodes.UnknownProvider, $"This silo has no remote provider {provider}: configure the same providers on all silos.");

    /// <summary>Decides what a silo can send now.</summary>
    public BudgetGrant Lease(BudgetAsk ask, DateTimeOffset now)
    {
        _requests?.Refill(now);
        _tokens?.Refill(now);
        Remember(ask, now);
        var wait = TakeTurns();
        var granted = ask.Tenants.Select(demand => _waiting.TryGetValue((ask.Silo, demand.Tenant), out var asked) ? asked.Served : 0).ToImmutableArray();
        _waiting = _waiting.Values.Select(demand => demand.Rest()).OfType<WaitingDemand>().ToDictionary(demand => (demand.Silo, demand.Tenant));
        var spare = _waiting.Count == 0 ? ResetTurns() : default;
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
            if (_waiting.Count < MaxWaiting || _waiting.ContainsKey(key))
            {
                _waiting[key] = new WaitingDemand(ask.Silo, demand, now + Memory);
            }
        }
    }

    /// <summary>Gives turns until the budget runs out. Turns of silos other than the asking one are only reserved.</summary>
    /// <returns>How long until the next turn; zero when nothing waits.</returns>
    private TimeSpan TakeTurns()
    {
        var (requestsReserved, tokensReserved) = (0d, 0d);
        Dictionary<TenantId, double> given = new(_given);
        while (FindNext(given) is { } next)
        {
            var tokens = Math.Min(next.Next, _limits.TokenBurst);
            var missing = Longer(_requests?.Until(1 + requestsReserved - _requests.Level), _tokens?.Until(tokens + tokensReserved - _tokens.Level));
            if (missing > TimeSpan.Zero)
            {
                return missing < MinWait ? MinWait : missing;
            }

            var start = StartOf(next, given);
            given[next.Tenant] = start + Cost(tokens);
            next.Served++;
            if (!next.IsAsking)
            {
                (requestsReserved, tokensReserved) = (requestsReserved + 1, tokensReserved + tokens);
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

    /// <summary>A tenant that was idle starts where the others are: idle time is not saved up.</summary>
    private double StartOf(WaitingDemand demand, Dictionary<TenantId, double> given) => Math.Max(given.GetValueOrDefault(demand.Tenant), _turn);

    private double Cost(int tokens) => (1d / (_limits.RequestsPerMinute ?? int.MaxValue)) + ((double)tokens / (_limits.TokensPerMinute ?? int.MaxValue));

    /// <summary>Nothing waits: resets the turns and leases the asking silo a slice ahead.</summary>
    private (int Requests, int Tokens) ResetTurns()
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

    /// <summary>
    /// A token bucket whose limit holds in every minute, wherever the minute starts: the bucket is smaller than the limit, and bucket and
    /// refill together stay within it, even when a grant is used up to <c>useWithin</c> later.
    /// </summary>
    private sealed class RateBucket
    {
        private readonly double _rate;
        private readonly double _capacity;
        private DateTimeOffset _at;

        /// <param name="perMinute">The limit, at least <paramref name="capacity"/>.</param>
        /// <param name="capacity">The burst.</param>
        /// <param name="level">The content at the start.</param>
        /// <param name="whole">True when only whole units are given out, so a fraction above the limit is never used.</param>
        /// <param name="useWithin">How late a grant can be used.</param>
        /// <param name="now">The time.</param>
        public RateBucket(int perMinute, int capacity, double level, bool whole, TimeSpan useWithin, DateTimeOffset now)
        {
            const double almostOne = 0.999;
            _capacity = capacity;
            Level = Math.Min(level, capacity);
            _at = now;
            _rate = (perMinute + (whole ? almostOne : 0) - capacity) / (TimeSpan.FromMinutes(1) + useWithin).TotalSeconds;
        }

        public double Level { get; private set; }

        public double PerSecond => _rate;

        public void Refill(DateTimeOffset now)
        {
            if (now > _at)
            {
                Level = Math.Min(_capacity, Level + ((now - _at).TotalSeconds * _rate));
                _at = now;
            }
        }

        /// <summary>The caller has checked that the amount is there.</summary>
        public void Take(double amount) => Level -= amount;

        public TimeSpan Until(double missing) => TimeSpan.FromSeconds(Math.Max(0, missing) / _rate);
    }

    /// <summary>The requests of a tenant that last waited at a silo.</summary>
    private sealed class WaitingDemand(string silo, TenantDemand demand, DateTimeOffset until)
    {
        public string Silo => silo;

        public TenantId Tenant => demand.Tenant;

        /// <summary>When it expires: a silo that does not come back must not hold up the others.</summary>
        public DateTimeOffset Until => until;

        /// <summary>Whether it is part of the ask that is being answered; otherwise it only keeps its turn.</summary>
        public bool IsAsking { get; set; } = true;

        public int Served { get; set; }

        public bool HasNext => Served < demand.Requests.Length;

        public int Next => demand.Requests[Served];

        /// <summary>What still waits after the ask; null when nothing does.</summary>
        public WaitingDemand? Rest() =>
            !IsAsking ? new(silo, demand, until)
            : HasNext ? new(silo, demand with { Requests = demand.Requests[Served..] }, until)
            : null;
    }
}
