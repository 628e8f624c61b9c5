namespace Quiver.Embedded.Activations;

/// <summary>Who keeps an activation: the table, or a pool of stateless workers.</summary>
internal interface IActivationOwner
{
    /// <summary>An active activation has nothing to do.</summary>
    void OnIdle(Activation activation);

    /// <summary>An activation has ended.</summary>
    void OnDead(Activation activation);
}
