using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace Quiver.Adapters.Vectors.Qdrant;

/// <summary>Metrics of the Qdrant adapter.</summary>
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

/// <summary>Log messages of the Qdrant adapter, event ids 2300 to 2399.</summary>
internal static partial class QdrantLog
{
    [LoggerMessage(2300, LogLevel.Information, "Connected to Qdrant {Version} at {Address}; writes are fenced by {Fence}")]
    public static partial void Found(ILogger logger, string version, Uri address, string fence);

    [LoggerMessage(2301, LogLevel.Debug, "{Operation} failed with {Code}; starting attempt {Attempt}")]
    public static partial void Retrying(ILogger logger, Exception? exception, string operation, string code, int attempt);

    [LoggerMessage(2302, LogLevel.Information, "Created physical collection {Collection} with {Dimensions} dimensions")]
    public static partial void Created(ILogger logger, string collection, int dimensions);

    [LoggerMessage(2303, LogLevel.Information, "Created payload index {Field} of physical collection {Collection}")]
    public static partial void Indexed(ILogger logger, string collection, string field);

    [LoggerMessage(2304, LogLevel.Information, "Deleted physical collection {Collection}")]
    public static partial void Dropped(ILogger logger, string collection);

    [LoggerMessage(2305, LogLevel.Debug, "Physical collection {Collection} already existed")]
    public static partial void Existed(ILogger logger, string collection);

    [LoggerMessage(
        2306,
        LogLevel.Warning,
        "Physical collection {Collection} has prevent_unoptimized: writes wait until their points are optimized, and counts leave out points that are not. Turn it off while jobs run")]
    public static partial void PreventsUnoptimized(ILogger logger, string collection);

    [LoggerMessage(2307, LogLevel.Information, "{Operation} in physical collection {Collection} is queued by the server; waiting until it is applied")]
    public static partial void Queued(ILogger logger, string operation, string collection);

    [LoggerMessage(2308, LogLevel.Information, "Physical collection {Collection} had the server's default quantization, which was removed as requested")]
    public static partial void Unquantized(ILogger logger, string collection);
}
