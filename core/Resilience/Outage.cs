using Quiver.Core.Jobs;

namespace Quiver.Core.Resilience;

/// <summary>
/// For how long nothing has come through because the other side asks to wait: such waits consume no attempt, so that nothing else would ever end
/// them. One for all that waits for the same side. Thread-safe.
/// </summary>
internal sealed class Outage(TimeSpan limit, TimeProvider time)
{
    private readonly Lock _lock = new();
    private long? _since;

    /// <summary>Something came through.</summary>
    public void Ended()
    {
        lock (_lock)
        {
            _since = null;
        }
    }

    /// <summary>What to end with, when the other side has asked to wait for longer than it may; null while it may, or when the fault asks for something else.</summary>
    /// <param name="fault">What the last attempt ended with.</param>
    public PermanentException? Judge(QuiverException fault)
    {
        // Who waits for a share of his own budget knows when it comes; there is no outage to wait out.
        if (fault.Kind != FaultKind.Throttled || fault.Code is ErrorCodes.ProviderBudgetSpent or ErrorCodes.ProviderBusy)
        {
            return null;
        }

        lock (_lock)
        {
            _since ??= time.GetTimestamp();
            if (time.GetElapsedTime(_since.Value) < limit)
            {
                return null;
            }
        }

        return new PermanentException(
            fault.Code == ErrorCodes.ProviderCircuitOpen ? ErrorCodes.ProviderUnavailable : fault.Code,
            $"{fault.Message} Nothing has come through for longer than an outage may last ({limit}, Quiver:Jobs:{nameof(JobOptions.OutageLimit)}); retry the job when it is over, and it goes on from its checkpoint.",
            fault);
    }
}
