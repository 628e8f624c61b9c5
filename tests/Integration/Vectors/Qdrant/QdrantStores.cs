using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Quiver.Adapters.Vectors.Qdrant;
using Quiver.Core.Vectors;
using Quiver.Tests.Support.Qdrant;

namespace Quiver.Tests.Integration.Vectors.Qdrant;

/// <summary>Opens stores on a server.</summary>
internal static class QdrantStores
{
    /// <summary>A store with short retry delays.</summary>
    public static QdrantStore Open(string address, Action<QdrantOptions>? configure = null, TimeProvider? time = null, bool hasRivals = true)
    {
        var options = new QdrantOptions { Address = address, RetryBaseDelay = TimeSpan.FromMilliseconds(1) };
        configure?.Invoke(options);
        return new(Options.Create(options), time ?? TimeProvider.System, new Random(1), NullLogger<QdrantStore>.Instance, meters: null, hasRivals);
    }

    /// <summary>A store on a stand-in.</summary>
    public static QdrantStore Open(QdrantStandIn server, Action<QdrantOptions>? configure = null) => Open(
        server.Address,
        options =>
        {
            options.RestAddress = server.RestAddress;
            configure?.Invoke(options);
        });
}

/// <summary>Points to store.</summary>
internal static class QdrantSamples
{
    public static CollectionKey Docs { get; } = new(TenantId.Parse("acme"), CollectionName.Parse("docs"));

    public static VectorPoint Point(int number, long generation = 1, long epoch = 1, float[]? vector = null) => new(
        PointId.Create(Docs, $"d{number}", 0),
        vector ?? [1, number, 0.5f, -1],
        new()
        {
            Scope = Docs,
            DocumentId = $"d{number}",
            Chunk = 0,
            Text = $"Text of {number}",
            StartChar = 0,
            EndChar = 10,
            StartLine = 1,
            EndLine = 1,
            Generation = generation,
            Epoch = epoch,
            IndexedAt = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
        });
}
