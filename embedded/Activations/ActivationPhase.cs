namespace Quiver.Embedded.Activations;

/// <summary>The life of an activation; it only moves forward.</summary>
internal enum ActivationPhase
{
    /// <summary>Made; the first call activates it.</summary>
    New,

    /// <summary>Loading state and running <c>OnActivateAsync</c>; calls wait.</summary>
    Activating,

    /// <summary>Serving; calls wait only once deactivation has been asked for.</summary>
    Active,

    /// <summary>No call runs; <c>OnDeactivateAsync</c> does. Calls wait for the next activation.</summary>
    Deactivating,

    /// <summary>Ended.</summary>
    Dead,
}
