using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Quiver.Adapters.Vectors.Qdrant;
using Quiver.Tests.Support.Qdrant;

namespace Quiver.Tests.Integration.Vectors.Qdrant;

/// <summary>Opens stores on a server.</summary>
internal static class QdrantStores
{
    /// <summary>A store that neither waits long nor gives up early.</summary>
    public static QdrantStore Open(string address, Action<QdrantOptions>? configure = null, TimeProvider? time = null)
    {
        var options = new QdrantOptions { Address = address, RetryBaseDelay = TimeSpan.FromMilliseconds(1) };
        configure?.Invoke(options);
        return new(Options.Create(options), time ?? TimeProvider.System, new Random(1), NullLogger<QdrantStore>.Instance);
    }

    /// <summary>A store on a stand-in.</summary>
    public static QdrantStore Open(QdrantStandIn server, Action<QdrantOptions>? configure = null) => Open(server.Address, configure);
}
