namespace Quiver.Grains.Jobs;

/// <summary>A silo without others.</summary>
internal sealed class SingleSilo : ISiloCount
{
    public int Active => 1;
}
