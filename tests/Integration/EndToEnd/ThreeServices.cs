using Quiver.Tests.Services.S3;
using Quiver.Tests.Support;
using Quiver.Tests.Support.Providers;
using Quiver.Tests.Support.Qdrant;

namespace Quiver.Tests.Integration.EndToEnd;

/// <summary>The way to a real S3 server, a provider and a Qdrant stand-in, with the settings that reach them.</summary>
internal sealed class ThreeServices : IAsyncDisposable
{
    /// <summary>Bytes of a large object that are asked for at a time.</summary>
    public const int RangeBytes = 65_536;

    private readonly StoredVectors _vectors = new();

    private ThreeServices(CuttingProxy s3, ScriptedProvider provider, QdrantStandIn qdrant)
    {
        (S3, Provider, Qdrant) = (s3, provider, qdrant);
        qdrant.RetryAfter = "0";
        qdrant.OnRequest = _vectors.CheckAsync;
    }

    public CuttingProxy S3 { get; }

    public ScriptedProvider Provider { get; }

    public QdrantStandIn Qdrant { get; }

    /// <summary>All points; there is one physical collection.</summary>
    public IReadOnlyList<StandInPoint> Points => [.. Qdrant.State.Names.SelectMany(Qdrant.State.Points)];

    /// <summary>Where the services are.</summary>
    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>
    {
        ["Quiver:S3:Endpoint"] = S3.Address.AbsoluteUri,
        ["Quiver:S3:AccessKey"] = S3ServerProcess.AccessKey,
        ["Quiver:S3:SecretKey"] = S3ServerProcess.SecretKey,
        ["Quiver:Embedding:DefaultProvider"] = "scripted",
        ["Quiver:Providers:scripted:Preset"] = "vllm",
        ["Quiver:Providers:scripted:BaseAddress"] = Provider.Address,
        ["Quiver:Providers:scripted:Model"] = "scripted",
        ["Quiver:Providers:scripted:Dimensions"] = "8",
        ["Quiver:Providers:scripted:ChunkTokens"] = "64",
        ["Quiver:Vectors:Store"] = "Qdrant",
        ["Quiver:Qdrant:Address"] = Qdrant.Address,
        ["Quiver:Qdrant:RestAddress"] = Qdrant.RestAddress,
    };

    /// <summary>The same, with small steps and little patience, so that there is much to befall and silence is soon over.</summary>
    public IReadOnlyDictionary<string, string> StormSettings => new Dictionary<string, string>(Settings)
    {
        ["Quiver:S3:IdleTimeout"] = "00:00:01",
        ["Quiver:S3:RetryBaseDelay"] = "00:00:00.001",
        ["Quiver:S3:RetryMaxDelay"] = "00:00:00.020",
        ["Quiver:S3:MaxAttempts"] = "50",
        ["Quiver:S3:RangeBytes"] = $"{RangeBytes}",
        ["Quiver:S3:PageSize"] = "4",
        ["Quiver:Providers:scripted:MaxInputs"] = "5",
        ["Quiver:Providers:scripted:SoftTimeout"] = "00:00:00.100",
        ["Quiver:Providers:scripted:HardTimeout"] = "00:00:00.200",
        ["Quiver:Providers:scripted:FailuresToOpen"] = "5",
        ["Quiver:Providers:scripted:BreakDuration"] = "00:00:00.010",

        // Only writes meet silence: what a test itself reads must not fail because the machine is busy.
        ["Quiver:Qdrant:WriteTimeout"] = "00:00:00.200",
        ["Quiver:Qdrant:RetryBaseDelay"] = "00:00:00.001",
        ["Quiver:Jobs:BatchDocuments"] = "8",
        ["Quiver:Jobs:UpsertPoints"] = "7",
        ["Quiver:Jobs:MaxFailureRatio"] = "1",
        ["Quiver:Jobs:MaxAttempts"] = "100",
        ["Quiver:Jobs:RetryBaseDelay"] = "00:00:00.001",
        ["Quiver:Jobs:RetryMaxDelay"] = "00:00:00.020",
        ["Quiver:Jobs:CheckpointInterval"] = "00:00:00.010",

        // What is in flight at a stop is left in the middle.
        ["Quiver:Jobs:DrainTimeout"] = "00:00:00.100",
    };

    /// <summary>Settings as a process of its own gets them.</summary>
    public static IEnumerable<KeyValuePair<string, string>> EnvironmentOf(IReadOnlyDictionary<string, string> settings) =>
        settings.Select(static setting => KeyValuePair.Create(setting.Key.Replace(":", "__", StringComparison.Ordinal).ToUpperInvariant(), setting.Value));

    public static async Task<ThreeServices> StartAsync(S3Server s3) => new(new(s3.Endpoint), await ScriptedProvider.StartAsync(), await QdrantStandIn.StartAsync());

    /// <summary>Fails when a vector that the model has not for its text was ever sent to the store.</summary>
    public void AssertVectorsAreTrue(string context) => _vectors.AssertTrue(context);

    public async ValueTask DisposeAsync()
    {
        await S3.DisposeAsync();
        await Provider.DisposeAsync();
        await Qdrant.DisposeAsync();
    }
}
