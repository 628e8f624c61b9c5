using System.Diagnostics.Metrics;
using Quiver.Silo.DataDirectory;

namespace Quiver.Silo.Hosting;

/// <summary>Publishes the size of each store of the data directory. Measures only when a reader of metrics asks, and at most once a minute: it counts points.</summary>
internal sealed class StorageMeter(IMeterFactory meters, DataDirectoryFiles files, TimeProvider time) : IHostedService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private IReadOnlyList<(string Name, long Bytes)> _stores = [];
    private long? _measured;

    /// <summary>The meter's name.</summary>
    public const string Name = "Quiver.Storage";

    public Task StartAsync(CancellationToken cancellationToken)
    {
        meters.Create(Name).CreateObservableGauge<long>("quiver.storage.size", Measure, "By", "Size of each store of the data directory.");
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private IEnumerable<Measurement<long>> Measure() => Stores()
        .Select(static store => new Measurement<long>(store.Bytes, new KeyValuePair<string, object?>("quiver.store", store.Name)));

    private IReadOnlyList<(string Name, long Bytes)> Stores()
    {
        lock (_lock)
        {
            if (_measured is not { } at || time.GetElapsedTime(at) >= Interval)
            {
                _stores = [.. DirectoryStores.Of(files).Select(static store => (store.Name, store.Measure().Bytes))];
                _measured = time.GetTimestamp();
            }

            return _stores;
        }
    }
}
