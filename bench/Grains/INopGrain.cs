namespace Quiver.Bench.Grains;

/// <summary>The cheapest grain there is.</summary>
internal interface INopGrain : Orleans.IGrainWithIntegerKey
{
    Task NopAsync();
}
