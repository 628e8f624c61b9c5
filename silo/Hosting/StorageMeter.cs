using System.Diagnostics.Metrics;
using Quiver.Silo.DataDirectory;

namespace Quiver.Silo.Hosting;

/// <summary>Publishes the size of each store of the data directory. Measures only when a reader of metrics asks.</summary>
internal sealed class StorageMeter(IMeterFactory meters, SiloSettings settings) : IHostedService
{
    /// <summary>The meter's name.</summary>
    public const string Name = "Quiver.Storage";

    public Task StartAsync(CancellationToken cancellationToken)
    {
        meters.Create(Name).CreateObservableGauge<long>("quiver.storage.size", Measure, "By", "Size of each store of the data directory.");
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private IEnumerable<Measurement<long>> Measure() => StorageSizes.Measure(settings.Files)
        .Select(static store => new Measurement<long>(store.Size.Bytes, new KeyValuePair<string, object?>("quiver.store", store.Name)));
}
