namespace Quiver.Embedded.State;

/// <summary>A record that an activation loads before its grain runs.</summary>
internal interface IActivationState
{
    /// <summary>Loads it.</summary>
    Task LoadAsync(CancellationToken cancellationToken);
}
