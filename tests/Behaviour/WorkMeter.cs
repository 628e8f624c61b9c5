using System.Diagnostics.Metrics;

namespace Quiver.Tests.Behaviour;

/// <summary>Counts what a silo really did, by its own metrics: calls of the model and requests that change the index.</summary>
internal sealed class WorkMeter : IDisposable
{
    private readonly MeterListener _listener = new();
    private long _embeddingCalls;
    private long _writes;

    public WorkMeter(IMeterFactory meters)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            // Other tests have silos of their own in this process.
            if (ReferenceEquals(instrument.Meter.Scope, meters) && instrument.Name is "gen_ai.client.operation.duration" or "db.client.operation.duration")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Count(instrument.Meter, tags));
        _listener.Start();
    }

    public (long EmbeddingCalls, long Writes) Sum => (Interlocked.Read(ref _embeddingCalls), Interlocked.Read(ref _writes));

    public void Dispose() => _listener.Dispose();

    private void Count(Meter meter, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (meter.Name == "Quiver.Embedding")
        {
            Interlocked.Increment(ref _embeddingCalls);
            return;
        }

        foreach (var tag in tags)
        {
            if (tag is { Key: "db.operation.name", Value: "upsert" or "delete" or "delete_all" })
            {
                Interlocked.Increment(ref _writes);
            }
        }
    }
}
