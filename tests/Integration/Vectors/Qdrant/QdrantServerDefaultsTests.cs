using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Quiver.Adapters.Vectors.Qdrant;
using Quiver.Tests.Support;
using Quiver.Tests.Support.Qdrant;
using Wire = Qdrant.Client.Grpc;

namespace Quiver.Tests.Integration.Vectors.Qdrant;

/// <summary>Servers whose own settings change what a collection becomes.</summary>
public sealed class QdrantServerDefaultsTests : IAsyncLifetime
{
    private const string Physical = "quiver_defaults_4d";

    private QdrantStandIn _server = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await QdrantStandIn.StartAsync();
        _server.State.DefaultQuantization = new() { Scalar = new() { Type = Wire.QuantizationType.Int8 } };
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Ensure_WithoutQuantization_RemovesTheServersDefault()
    {
        using var store = QdrantStores.Open(_server);
        var spec = new PhysicalCollectionSpec { Dimensions = 4, Storage = new() { Quantization = new() { Kind = QuantizationKind.None } } };

        await store.EnsureCollectionAsync(Physical, spec, Token);
        await store.EnsureCollectionAsync(Physical, spec, Token);

        Assert.Null(_server.State.Config(Physical)!.QuantizationConfig);
    }

    [Fact]
    public async Task Ensure_ThatSaysNothingOfQuantization_KeepsTheServersDefault()
    {
        using var store = QdrantStores.Open(_server);

        await store.EnsureCollectionAsync(Physical, new PhysicalCollectionSpec { Dimensions = 4 }, Token);

        Assert.NotNull(_server.State.Config(Physical)!.QuantizationConfig?.Scalar);
        Assert.DoesNotContain(_server.Requests, static request => request.Operation == "Collections.Update");
    }

    [Fact]
    public async Task Ensure_OfACollectionThatHidesUnoptimizedPoints_Warns()
    {
        using var log = new CapturedLog();
        using var logging = new LoggerFactory([log]);
        using var store = new QdrantStore(
            Options.Create(new QdrantOptions { Address = _server.Address }), TimeProvider.System, new Random(1), logging.CreateLogger<QdrantStore>());
        await store.EnsureCollectionAsync(Physical, new PhysicalCollectionSpec { Dimensions = 4 }, Token);
        _server.State.Change(new() { CollectionName = Physical, OptimizersConfig = new() { PreventUnoptimized = true } });

        await store.EnsureCollectionAsync(Physical, new PhysicalCollectionSpec { Dimensions = 4 }, Token);

        Assert.Single(log.Lines, static line => line.Level == LogLevel.Warning && line.Message.Contains("prevent_unoptimized", StringComparison.Ordinal));
    }
}
