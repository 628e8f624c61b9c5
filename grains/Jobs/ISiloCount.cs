namespace Quiver.Grains.Jobs;

/// <summary>How many silos share the work.</summary>
public interface ISiloCount
{
    /// <summary>Silos that take work at the moment, this one included; 1 or more.</summary>
    int Active { get; }
}
