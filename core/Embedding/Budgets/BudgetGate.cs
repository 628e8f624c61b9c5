using Quiver.GrainInterfaces.Providers;

namespace Quiver.Core.Embedding.Budgets;

/// <summary>
/// The queue in which a silo's requests to a provider wait for the shared budget. At most one lease call is in flight; it covers all waiting
/// requests, so a busy silo makes fewer calls per request. Thread-safe.
/// </summary>
internal sealed class BudgetGate(string provider, string silo, IBudgetLessor lessor, TimeProvider time)
{
    private const int MaxRequestsPerTenant = 64;
    private const int MaxTenants = 256;

    /// <summary>Requests that wait longer are rejected and come again: their caller has a timeout.</summary>
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly List<WaitingRequest> _waiting = [];
    private bool _leasing;

    // The slice leased ahead, for the next requests until it expires.
    private int _spareRequests;
    private int _spareTokens;
    private DateTimeOffset _spareUntil;

    /// <summary>Waits until a request can be sent.</summary>
    /// <param name="tenant">The tenant whose share it takes.</param>
    /// <param name="tokens">Tokens of the request.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="ThrottledException">With <see cref="ErrorCodes.ProviderBudgetSpent"/>: it waited too long; consumes no attempt.</exception>
    public async Task EnterAsync(TenantId tenant, int tokens, CancellationToken cancellationToken)
    {
        WaitingRequest request;
        bool lease;
        lock (_lock)
        {
            if (_waiting.Count == 0 && TryTakeSpare(tokens))
            {
                return;
            }

            request = new WaitingRequest(tenant, tokens, time.GetTimestamp());
            _waiting.Add(request);
            lease = !_leasing;
            _leasing = true;
        }

        if (lease)
        {
            // Not in the flow of this caller, who may leave while others still wait.
            _ = Task.Run(LeaseAsync, CancellationToken.None);
        }

        await using var leave = cancellationToken.UnsafeRegister(static (left, token) => ((WaitingRequest)left!).TrySetCanceled(token), request);
        await request.Task;
    }

    private async Task LeaseAsync()
    {
        while (TakeAsk() is { } ask)
        {
            BudgetGrant grant;
            try
            {
                grant = await lessor.LeaseAsync(provider, ask, CancellationToken.None);
            }
            catch (Exception exception)
            {
                Fail(exception);
                continue;
            }

            Admit(ask, grant);
            if (grant.RetryAfter > TimeSpan.Zero && RejectOverdue(grant.RetryAfter))
            {
                await Task.Delay(grant.RetryAfter < MaxPause ? grant.RetryAfter : MaxPause, time);
            }
        }
    }

    private bool TryTakeSpare(int tokens)
    {
        if (_spareRequests < 1 || _spareTokens < tokens || time.GetUtcNow() >= _spareUntil)
        {
            return false;
        }

        _spareRequests--;
        _spareTokens -= tokens;
        return true;
    }

    private BudgetAsk? TakeAsk()
    {
        lock (_lock)
        {
            _waiting.RemoveAll(request => request.Task.IsCompleted);
            _leasing = _waiting.Count > 0;
            return !_leasing ? null : new BudgetAsk
            {
                Silo = silo,
                Tenants =
                [
                    .. _waiting.GroupBy(request => request.Tenant).Take(MaxTenants).Select(group =>
                        new TenantDemand { Tenant = group.Key, Requests = [.. group.Take(MaxRequestsPerTenant).Select(request => request.Tokens)] }),
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

            (_spareRequests, _spareTokens, _spareUntil) = (grant.SpareRequests, grant.SpareTokens, time.GetUtcNow() + grant.SpareLife);
        }
    }

    /// <returns>Whether requests still wait.</returns>
    private bool RejectOverdue(TimeSpan retryAfter)
    {
        lock (_lock)
        {
            foreach (var request in _waiting.Where(request => time.GetElapsedTime(request.Since) >= MaxWait))
            {
                request.TrySetException(new ThrottledException(ErrorCodes.ProviderBudgetSpent, $"The budget per minute of the provider {provider} is used up.")
                {
                    RetryAfter = retryAfter,
                });
            }

            return _waiting.Exists(request => !request.Task.IsCompleted);
        }
    }

    private void Fail(Exception exception)
    {
        lock (_lock)
        {
            foreach (var request in _waiting)
            {
                request.TrySetException(exception as QuiverException
                    ?? new ThrottledException(
                        ErrorCodes.ServerUnavailable, $"The budget of the provider {provider} could not be leased: {exception.Message}", exception)
                    {
                        // Says nothing about the provider, so it must not count as one of its failures.
                        RetryAfter = TimeSpan.FromSeconds(1),
                    });
            }
        }
    }

    private sealed class WaitingRequest(TenantId tenant, int tokens, long since) : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public TenantId Tenant => tenant;

        public int Tokens => tokens;

        /// <summary>When it arrived: a timestamp of the clock.</summary>
        public long Since => since;
    }
}
