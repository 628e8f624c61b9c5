using Quiver.Silo.Options;
using Microsoft.Extensions.Options;
using Quiver.Client.Requests;

namespace Quiver.Silo.Api.Events;

/// <summary>Bounds how many event streams are open, in all and for each tenant. Thread-safe.</summary>
internal sealed class EventStreamLimiter(IOptions<ApiOptions> options)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly Dictionary<TenantId, int> _byTenant = [];
    private int _all;

    /// <summary>Takes a place; disposing gives it back.</summary>
    /// <exception cref="ThrottledException">With <see cref="RequestErrorCodes.TooManyStreams"/>.</exception>
    public IDisposable Enter(TenantId tenant)
    {
        lock (_lock)
        {
            var own = _byTenant.GetValueOrDefault(tenant);
            if (_all >= options.Value.MaxEventStreams || own >= options.Value.MaxEventStreamsPerTenant)
            {
                throw new ThrottledException(
                    RequestErrorCodes.TooManyStreams, "As many event streams are open as may be; close one, or ask for the job's status instead.")
                {
                    RetryAfter = RetryAfter,
                };
            }

            _byTenant[tenant] = own + 1;
            _all++;
        }

        return new Place(this, tenant);
    }

    private void Leave(TenantId tenant)
    {
        lock (_lock)
        {
            _all--;
            if (--_byTenant[tenant] == 0)
            {
                _byTenant.Remove(tenant);
            }
        }
    }

    private sealed class Place(EventStreamLimiter limiter, TenantId tenant) : IDisposable
    {
        private bool _left;

        public void Dispose()
        {
            if (!Interlocked.Exchange(ref _left, true))
            {
                limiter.Leave(tenant);
            }
        }
    }
}
