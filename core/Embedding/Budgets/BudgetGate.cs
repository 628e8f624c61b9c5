using Quiver.GrainInterfaces.Providers;

namespace Quiver.Core.Embedding.Budgets;

/// <summary>
/// Where a silo's requests to a provider wait for the shared budget. One ask is under way at a time and speaks for all that wait, so that the
/// more there is to do, the fewer asks a request takes. Thread-safe.
/// </summary>
internal sealed class BudgetGate(string provider, string silo, IBudgetLessor lessor, TimeProvider time)
{
    private const int MostPerTenant = 64;
    private const int MostTenants = 256;

    /// <summary>Who waits longer is asked to come again; whoever waits for the call has only so much patience.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly List<WaitingRequest> _waiting = [];
    private readonly SpareBudget _spare = new(time);
    private bool _asking;

    /// <summary>Waits until a request may be sent.</summary>
    /// <param name="tenant">For whom it is.</param>
    /// <param name="tokens">What it takes.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="ThrottledException">With <see cref="ErrorCodes.ProviderBudgetSpent"/>: it waited too long; consumes no attempt.</exception>
    public async Task EnterAsync(TenantId tenant, int tokens, CancellationToken cancellationToken)
    {
        WaitingRequest request;
        bool ask;
        lock (_lock)
        {
            if (_waiting.Count == 0 && _spare.TryTake(tokens))
            {
                return;
            }

            request = new WaitingRequest(tenant, tokens, time.GetTimestamp());
            _waiting.Add(request);
            ask = !_asking;
            _asking = true;
        }

        if (ask)
        {
            // Not in the flow of this caller, who may leave while others still wait.
            _ = Task.Run(AskAsync, CancellationToken.None);
        }

        await using var leave = cancellationToken.UnsafeRegister(static (left, token) => ((WaitingRequest)left!).TrySetCanceled(token), request);
        await request.Task;
    }

    private async Task AskAsync()
    {
        while (TakeAsk() is { } ask)
        {
            BudgetGrant grant;
            try
            {
                grant = await lessor.LeaseAsync(provider, ask, CancellationToken.None);
            }
            catch (Exception e)
            {
                Fail(e);
                continue;
            }

            Admit(ask, grant);
            if (grant.RetryAfter > TimeSpan.Zero && SendOverdueAway(grant.RetryAfter))
            {
                await Task.Delay(grant.RetryAfter < LongestPause ? grant.RetryAfter : LongestPause, time);
            }
        }
    }

    private BudgetAsk? TakeAsk()
    {
        lock (_lock)
        {
            _waiting.RemoveAll(request => request.Task.IsCompleted);
            _asking = _waiting.Count > 0;
            return !_asking ? null : new BudgetAsk
            {
                Silo = silo,
                Tenants =
                [
                    .. _waiting.GroupBy(request => request.Tenant).Take(MostTenants).Select(group =>
                        new TenantDemand { Tenant = group.Key, Requests = [.. group.Take(MostPerTenant).Select(request => request.Tokens)] }),
                ],
            };
        }
    }

    private void Admit(BudgetAsk ask, BudgetGrant grant)
    {
        lock (_lock)
        {
            for (var i = 0; i < ask.Tenants.Length; i++)
            {
                foreach (var request in _waiting.Where(request => request.Tenant == ask.Tenants[i].Tenant).Take(grant.Granted[i]).ToList())
                {
                    request.TrySetResult();
                    _waiting.Remove(request);
                }
            }

            _spare.Fill(grant.SpareRequests, grant.SpareTokens, grant.SpareLife);
        }
    }

    /// <returns>Whether anybody still waits.</returns>
    private bool SendOverdueAway(TimeSpan retryAfter)
    {
        lock (_lock)
        {
            foreach (var request in _waiting.Where(request => time.GetElapsedTime(request.Since) >= LongestWait))
            {
                request.TrySetException(new ThrottledException(ErrorCodes.ProviderBudgetSpent, $"The budget of the provider {provider} for this minute is given out.")
                {
                    RetryAfter = retryAfter,
                });
            }

            return _waiting.Exists(request => !request.Task.IsCompleted);
        }
    }

    private void Fail(Exception error)
    {
        lock (_lock)
        {
            foreach (var request in _waiting)
            {
                request.TrySetException(error as QuiverException
                    ?? new ThrottledException(ErrorCodes.ServerUnavailable, $"The budget of the provider {provider} could not be asked for: {error.Message}", error)
                    {
                        // Says nothing of the provider, so it must not count among its failures.
                        RetryAfter = TimeSpan.FromSeconds(1),
                    });
            }
        }
    }
}
