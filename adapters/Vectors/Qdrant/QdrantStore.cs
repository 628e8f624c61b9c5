using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Quiver.Core.Vectors;

namespace Quiver.Adapters.Vectors.Qdrant;

/// <summary>Points on a Qdrant server, over its REST API.</summary>
internal sealed partial class QdrantStore : IVectorStore, IDisposable
{
    private const int MaxIds = 1000;
    private const int MaxKnown = 4096;

    private readonly QdrantOptions _options;
    private readonly QdrantTransport _transport;
    private readonly QdrantServer _server;
    private readonly WriteLanes _lanes;
    private readonly ILogger _logger;

    // Only spares requests: what is not in here is asked.
    private readonly ConcurrentDictionary<string, int> _dimensions = new(StringComparer.Ordinal);

    /// <summary>Opens nothing yet.</summary>
    public QdrantStore(IOptions<QdrantOptions> options, TimeProvider time, Random random, ILogger<QdrantStore> logger, IMeterFactory? meters = null)
    {
        _options = options.Value;
        _logger = logger;
        _transport = new(_options, new(meters), time, random, logger);
        _server = new(_transport, _options.ReadTimeout, logger);
        _lanes = new(_options.MaxInFlight);
    }

    public void Dispose() => _transport.Dispose();

    private static void CheckIds(IReadOnlyList<Guid> ids) => ArgumentOutOfRangeException.ThrowIfGreaterThan(ids.Count, MaxIds);

    private static void CheckLimit(int limit)
    {
        if (limit is < 1 or > MaxIds)
        {
            throw new InvalidRequestException(ErrorCodes.InvalidOption, $"A limit is from 1 to {MaxIds}, not {limit}: choose one in that range.");
        }
    }

    /// <summary>What a missing collection gives, which has no points.</summary>
    private static async Task<T> OrWhenMissingAsync<T>(T missing, Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (PermanentException e) when (e.Code == ErrorCodes.UnknownCollection)
        {
            return missing;
        }
    }

    private void Remember(string physicalCollection, int dimensions)
    {
        if (_dimensions.Count >= MaxKnown)
        {
            _dimensions.Clear();
        }

        _dimensions[physicalCollection] = dimensions;
    }

    private QdrantRequest Read(string operation, string physicalCollection, string path, ReadOnlyMemory<byte> body) =>
        new(operation, HttpMethod.Post, QdrantLayout.Path(physicalCollection) + path, _options.ReadTimeout) { Body = body, Collection = physicalCollection };

    private QdrantRequest Write(string operation, HttpMethod method, string physicalCollection, string path, ReadOnlyMemory<byte> body) =>
        new(operation, method, $"{QdrantLayout.Path(physicalCollection)}{path}?wait=true", _options.WriteTimeout) { Body = body, Collection = physicalCollection };

    private QdrantRequest Administer(string operation, HttpMethod method, string physicalCollection, string path, ReadOnlyMemory<byte>? body) =>
        new(operation, method, QdrantLayout.Path(physicalCollection) + path, _options.AdminTimeout) { Body = body, Collection = physicalCollection };

    /// <summary>Sends a write and sees that it was applied, not only noted down.</summary>
    private async Task<bool> ApplyAsync(QdrantRequest request, CancellationToken cancellationToken)
    {
        using var answer = await _transport.SendAsync(request, cancellationToken);
        var status = answer.Read(static result => result.GetProperty("status").GetString());
        return status == "completed"
            ? true
            : throw new TransientException(
                ErrorCodes.ServerUnavailable, $"Qdrant took {request.Operation} in and did not say that it is done ('{status}'): it is sent again until it is.");
    }
}
