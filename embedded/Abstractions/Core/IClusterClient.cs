namespace Orleans;

/// <summary>What programs outside of grains use to reach grains and streams.</summary>
public interface IClusterClient : IGrainFactory
{
    /// <summary>The host's services.</summary>
    IServiceProvider ServiceProvider { get; }
}
