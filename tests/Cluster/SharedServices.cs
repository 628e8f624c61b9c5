using Quiver.Tests.Services;
using Quiver.Tests.Support;
using Quiver.Tests.Support.Providers;
using Quiver.Tests.Support.Qdrant;

namespace Quiver.Tests.Cluster;

/// <summary>What the silos of a cluster share: a real PostgreSQL, a Qdrant stand-in, a scripted provider, a folder.</summary>
internal sealed class SharedServices : IAsyncDisposable
{
    public const string Provider = "scripted";

    private readonly TemporaryFolder _folder = new();
    private int _silos;

    private SharedServices(PostgresServer postgres, ScriptedProvider provider, QdrantStandIn qdrant)
    {
        Postgres = postgres;
        Model = provider;
        Qdrant = qdrant;
    }

    public PostgresServer Postgres { get; }

    public ScriptedProvider Model { get; }

    public QdrantStandIn Qdrant { get; }

    public TemporaryFolder Folder => _folder;

    /// <summary>The points of all tenants.</summary>
    public IReadOnlyList<StandInPoint> Points => [.. Qdrant.State.Names.SelectMany(Qdrant.State.Points)];

    public static async Task<SharedServices> StartAsync() =>
        new(await PostgresServer.StartAsync(), await ScriptedProvider.StartAsync(), await QdrantStandIn.StartAsync());

    /// <summary>Where the next silo is, and what it shares with the others.</summary>
    /// <returns>Its name, and what differs from the defaults.</returns>
    public (string Name, Dictionary<string, string?> Settings) NextPlace()
    {
        var name = $"silo-{Interlocked.Increment(ref _silos)}";
        var (silo, gateway) = FreePorts.Take();
        return (name, new()
        {
            ["Quiver:Cluster:SiloName"] = name,
            ["Quiver:Cluster:Address"] = "127.0.0.1",
            ["Quiver:Cluster:SiloPort"] = $"{silo}",
            ["Quiver:Cluster:GatewayPort"] = $"{gateway}",
            ["Quiver:Cluster:Postgres:ConnectionString"] = Postgres.ConnectionString,
            ["Quiver:Vectors:Store"] = "Qdrant",
            ["Quiver:Qdrant:Address"] = Qdrant.Address,
            ["Quiver:Qdrant:RestAddress"] = Qdrant.RestAddress,
            ["Quiver:Artifacts:Directory"] = Directory.CreateDirectory(_folder.At("artifacts")).FullName,
        });
    }

    /// <summary>The settings of the next silo, with the provider as its model and small steps.</summary>
    /// <returns>Its name, and what differs from the defaults.</returns>
    public (string Name, Dictionary<string, string?> Settings) NextSilo()
    {
        var (name, place) = NextPlace();
        return (name, new(place.Concat(ModelSettings(Model)))
        {
            // How the provider knows who asks.
            [$"Quiver:Providers:{Provider}:Headers:X-Silo"] = name,
        });
    }

    /// <summary>The settings of a silo with a scripted provider as its model and small steps.</summary>
    public static IEnumerable<KeyValuePair<string, string?>> ModelSettings(ScriptedProvider model) => new Dictionary<string, string?>
    {
        ["Quiver:Embedding:DefaultProvider"] = Provider,
        [$"Quiver:Providers:{Provider}:Preset"] = "vllm",
        [$"Quiver:Providers:{Provider}:BaseAddress"] = model.Address,
        [$"Quiver:Providers:{Provider}:Model"] = "scripted",
        [$"Quiver:Providers:{Provider}:Dimensions"] = "8",
        [$"Quiver:Providers:{Provider}:ChunkTokens"] = "64",
        ["Quiver:Jobs:BatchDocuments"] = "8",
        ["Quiver:Jobs:MaxInFlight"] = "3",
        ["Quiver:Jobs:CheckpointInterval"] = "00:00:00.100",
    };

    public async ValueTask DisposeAsync()
    {
        await Model.DisposeAsync();
        await Qdrant.DisposeAsync();
        await Postgres.DisposeAsync();
        _folder.Dispose();
    }
}
