using Orleans.Runtime;

namespace Orleans;

/// <summary>A grain class.</summary>
public interface IGrainBase
{
    /// <summary>The activation of this grain object.</summary>
    IGrainContext GrainContext { get; }

    /// <summary>Runs before the first request; when it fails, the waiting requests fail with its exception.</summary>
    /// <param name="token">Cancelled when activation takes too long.</param>
    Task OnActivateAsync(CancellationToken token) => Task.CompletedTask;

    /// <summary>Runs after the last request; not when the process dies.</summary>
    /// <param name="reason">Why the activation ends.</param>
    /// <param name="token">Cancelled when deactivation takes too long.</param>
    Task OnDeactivateAsync(DeactivationReason reason, CancellationToken token) => Task.CompletedTask;
}
