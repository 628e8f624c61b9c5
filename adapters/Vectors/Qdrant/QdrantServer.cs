using System.Globalization;
using Microsoft.Extensions.Logging;
using Wire = Qdrant.Client.Grpc;

namespace Quiver.Adapters.Vectors.Qdrant;

/// <summary>Reads the server's version, once or for each health check. Thread-safe.</summary>
internal sealed class QdrantServer(QdrantTransport transport, TimeSpan timeout, ILogger logger)
{
    private QdrantVersion? _known;

    /// <summary>The last known version.</summary>
    /// <exception cref="PermanentException">The version is not supported.</exception>
    public async ValueTask<QdrantVersion> GetVersionAsync(CancellationToken cancellationToken) => _known ?? await ReadVersionAsync(cancellationToken);

    /// <summary>The current version.</summary>
    /// <exception cref="PermanentException">The version is not supported.</exception>
    public async Task<QdrantVersion> ReadVersionAsync(CancellationToken cancellationToken)
    {
        var message = new Wire.HealthCheckRequest();
        var answer = await transport.SendAsync(new("version", timeout), options => transport.Health.HealthCheckAsync(message, options), cancellationToken);
        var version = QdrantVersion.Parse(answer.Version);
        if (version.IsTooOld)
        {
            throw new PermanentException(
                ErrorCodes.NotSupported, $"Qdrant {version.Text} at {transport.Address} is too old: use {QdrantVersion.Oldest} or newer.");
        }

        if (_known != version)
        {
            // The server may be replaced by another version while this process runs; a health check finds that out.
            QdrantLog.Found(logger, version.Text, transport.Address, version.HasUpdateFilter ? "update_filter" : "reading first");
            _known = version;
        }

        return version;
    }
}

/// <summary>A server's version and its features. An unreadable version counts as the oldest supported one.</summary>
/// <param name="Major">Major.</param>
/// <param name="Minor">Minor.</param>
/// <param name="Text">The server's text.</param>
internal sealed record QdrantVersion(int Major, int Minor, string Text)
{
    /// <summary>The oldest supported version: the first with universal queries and facets.</summary>
    public const string Oldest = "1.12";

    public bool IsTooOld => !IsAtLeast(1, 12);

    /// <summary>Upserts that replace only the existing points that match a filter.</summary>
    public bool HasUpdateFilter => IsAtLeast(1, 16);

    /// <summary>
    /// Whether such an upsert stops the others of its shard, those of other tenants too: the server locks the shard and applies everything queued
    /// before it resolves the filter.
    /// </summary>
    public bool UpdateFilterStopsShard => IsAtLeast(1, 19);

    public bool HasMetadata => IsAtLeast(1, 16);

    public bool HasStrictMode => IsAtLeast(1, 13);

    /// <summary>Reads a version such as <c>1.17.0</c> or <c>1.18.0-dev</c>.</summary>
    public static QdrantVersion Parse(string text)
    {
        var parts = text.Split('.', '-', '+');
        return parts.Length >= 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var major)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var minor)
                ? new(major, minor, text)
                : new(1, 12, text);
    }

    private bool IsAtLeast(int major, int minor) => (Major, Minor).CompareTo((major, minor)) >= 0;
}
