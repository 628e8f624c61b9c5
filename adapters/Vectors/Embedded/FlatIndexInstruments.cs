using System.Diagnostics.Metrics;

namespace Quiver.Adapters.Vectors.Embedded;

/// <summary>Metrics of the embedded index.</summary>
internal sealed class FlatIndexInstruments
{
    private readonly Histogram<double>? _duration;

    public FlatIndexInstruments(IMeterFactory? meters) =>
        _duration = meters?.Create("Quiver.FlatIndex").CreateHistogram<double>(
            "db.client.operation.duration",
            "s",
            "Duration of operations on the embedded index.",
            tags: null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5] });

    public void OperationEnded(string operation, string collection, TimeSpan elapsed, string? error)
    {
        if (_duration is { Enabled: true })
        {
            _duration.Record(
                elapsed.TotalSeconds,
                new("db.system.name", "quiver.flat"),
                new("db.operation.name", operation),
                new("db.collection.name", collection),
                new("error.type", error));
        }
    }
}
