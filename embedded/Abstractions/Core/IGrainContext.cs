namespace Orleans.Runtime;

/// <summary>An activation as its grain sees it.</summary>
public interface IGrainContext : IEquatable<IGrainContext>
{
    /// <summary>The grain's identity.</summary>
    GrainId GrainId { get; }

    /// <summary>The grain object; null before it is made.</summary>
    object? GrainInstance { get; }

    /// <summary>A reference to this grain.</summary>
    GrainReference GrainReference { get; }

    /// <summary>The activation's services.</summary>
    IServiceProvider ActivationServices { get; }

    /// <summary>Ends when the activation has ended.</summary>
    Task Deactivated { get; }

    /// <summary>Ends the activation once its running requests have ended; later requests are served by a new one.</summary>
    /// <param name="deactivationReason">Why.</param>
    /// <param name="cancellationToken">Cancels the token that the grain's deactivation sees.</param>
    void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default);
}
