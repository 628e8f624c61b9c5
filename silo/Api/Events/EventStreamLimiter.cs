using Quiver.Silo.Options;
using Microsoft.Extensions.Options;
using Quiver.Client.Requests;
using Quiver.Core.Resilience;

namespace Quiver.Silo.Api.Events;

/// <summary>Limits how many event streams are open, in all and per tenant. Thread-safe.</summary>
internal sealed class EventStreamLimiter(IOptions<ApiOptions> options)
{
    // No tenant has this name.
    private const string AllTenants = "";
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    private readonly KeyedLimiter<string> _limiter = new();

    /// <summary>Takes a slot; disposing releases it.</summary>
    /// <exception cref="ThrottledException">With <see cref="RequestErrorCodes.TooManyStreams"/>.</exception>
    public IDisposable Enter(TenantId tenant)
    {
        if (_limiter.TryEnter(tenant.Value, options.Value.MaxEventStreamsPerTenant) is { } own)
        {
            if (_limiter.TryEnter(AllTenants, options.Value.MaxEventStreams) is { } shared)
            {
                return new Slot(own, shared);
            }

            own.Dispose();
        }

        throw new ThrottledException(
            RequestErrorCodes.TooManyStreams, "The limit of open event streams is reached; close one, or poll the job's status instead.")
        {
            RetryAfter = RetryAfter,
        };
    }

    private sealed class Slot(IDisposable own, IDisposable shared) : IDisposable
    {
        public void Dispose()
        {
            own.Dispose();
            shared.Dispose();
        }
    }
}
