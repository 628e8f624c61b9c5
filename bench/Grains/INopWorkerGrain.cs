namespace Quiver.Bench.Grains;

/// <summary>The cheapest stateless worker there is.</summary>
internal interface INopWorkerGrain : Orleans.IGrainWithIntegerKey
{
    Task NopAsync();
}
