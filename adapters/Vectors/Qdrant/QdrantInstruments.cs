using System.Diagnostics.Metrics;

namespace Quiver.Adapters.Vectors.Qdrant;

/// <summary>What the adapter measures.</summary>
internal sealed class QdrantInstruments
{
    private readonly Histogram<double>? _duration;
    private readonly Counter<long>? _retries;

    public QdrantInstruments(IMeterFactory? meters)
    {
        var meter = meters?.Create("Quiver.Qdrant");
        _duration = meter?.CreateHistogram<double>(
            "db.client.operation.duration",
            "s",
            "Duration of requests to Qdrant.",
            tags: null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10] });
        _retries = meter?.CreateCounter<long>("quiver.qdrant.retries", "{request}", "Requests to Qdrant that were sent again.");
    }

    public void RequestEnded(string operation, TimeSpan elapsed, string? error) =>
        _duration?.Record(elapsed.TotalSeconds, new("db.system.name", "qdrant"), new("db.operation.name", operation), new("error.type", error));

    public void Retried(string operation, string error) =>
        _retries?.Add(1, new("db.operation.name", operation), new("error.type", error));
}
