using Microsoft.Extensions.Logging;

namespace Quiver.Adapters.Vectors.Qdrant;

/// <summary>Asks the server for its version, once unless its health is asked for. Thread-safe.</summary>
internal sealed class QdrantServer(QdrantTransport transport, TimeSpan timeout, ILogger logger)
{
    private QdrantVersion? _known;

    /// <summary>The version as last found.</summary>
    /// <exception cref="PermanentException">It is too old to be served.</exception>
    public async ValueTask<QdrantVersion> GetVersionAsync(CancellationToken cancellationToken) => _known ?? await AskAsync(cancellationToken);

    /// <summary>The version as it is now.</summary>
    /// <exception cref="PermanentException">It is too old to be served.</exception>
    public async Task<QdrantVersion> AskAsync(CancellationToken cancellationToken)
    {
        using var answer = await transport.SendAsync(new("version", HttpMethod.Get, "/", timeout), cancellationToken);
        var version = QdrantVersion.Parse(answer.Read(static root => root.GetProperty("version").GetString()) ?? "");
        if (version.IsTooOld)
        {
            throw new PermanentException(ErrorCodes.NotSupported, $"Qdrant {version.Text} at {transport.Address} is too old: use {QdrantVersion.Oldest} or newer.");
        }

        if (_known != version)
        {
            // A server may be replaced by another version while this process runs; whoever asks for its health finds out.
            QdrantLog.Found(logger, version.Text, transport.Address, version.HasUpdateFilter ? "update_filter" : "reading first");
            _known = version;
        }

        return version;
    }
}
