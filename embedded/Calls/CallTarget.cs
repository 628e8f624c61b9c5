using Orleans;

namespace Quiver.Embedded.Calls;

/// <summary>What serves the calls to one grain: an activation, or the workers of a stateless one.</summary>
internal abstract class CallTarget
{
    /// <summary>Takes a call, to run at once or to wait.</summary>
    /// <returns>False when this target has ended: the caller looks for its successor.</returns>
    internal abstract bool TryPost(GrainCall call);

    /// <summary>Ends calls whose time is over.</summary>
    /// <param name="now">Ticks of the silo's clock.</param>
    internal abstract void SweepDeadlines(long now);

    /// <summary>Deactivates what nobody used for long enough.</summary>
    /// <param name="now">Ticks of the silo's clock.</param>
    internal abstract void CollectIdle(long now);

    /// <summary>Fails waiting calls.</summary>
    /// <param name="which">Those to fail.</param>
    /// <param name="error">With what.</param>
    internal abstract void FailWaiting(Predicate<GrainCall> which, Exception error);

    /// <summary>Deactivates every activation and returns when all have ended.</summary>
    internal abstract Task DeactivateAllAsync(DeactivationReason reason);
}
