using Quiver.Client;
using Quiver.Tests.Cluster;
using Quiver.Tests.Support;
using Quiver.Tests.Support.Providers;
using Quiver.Tests.Support.Qdrant;

namespace Quiver.Tests.Chaos;

/// <summary>A running Quiver that can be killed: the next caller talks to a process that lives.</summary>
internal abstract class Deployment : IAsyncDisposable
{
    public const string Embedded = "one process, embedded index";
    public const string Qdrant = "one process, Qdrant";
    public const string Cluster = "three silos, Qdrant";

    public static readonly string[] Kinds = [Embedded, Qdrant, Cluster];

    /// <summary>Embeds for all processes.</summary>
    public abstract ScriptedProvider Model { get; }

    /// <summary>A client of a process that lives.</summary>
    public abstract IQuiverClient Client { get; }

    public static async Task<Deployment> StartAsync(string kind, IReadOnlyDictionary<string, string?> settings) =>
        kind == Cluster ? await SilosDeployment.StartAsync(settings) : await ProcessDeployment.StartAsync(kind == Qdrant, settings);

    /// <summary>Kills a process at a random moment within a span from now on, and starts another.</summary>
    public abstract Task KillWithinAsync(Random random, TimeSpan span);

    public abstract ValueTask DisposeAsync();
}

/// <summary>One process over a data directory.</summary>
internal sealed class ProcessDeployment : Deployment
{
    private readonly TemporaryFolder _home = new();
    private readonly ScriptedProvider _model;
    private readonly QdrantStandIn? _qdrant;
    private readonly IReadOnlyList<KeyValuePair<string, string>> _environment;
    private ServeProcess? _server;

    private ProcessDeployment(ScriptedProvider model, QdrantStandIn? qdrant, IReadOnlyDictionary<string, string?> settings)
    {
        _model = model;
        _qdrant = qdrant;
        _environment = [.. Environment(model, qdrant, settings)];
    }

    public override ScriptedProvider Model => _model;

    public override IQuiverClient Client => _server!.Client;

    public static async Task<Deployment> StartAsync(bool withQdrant, IReadOnlyDictionary<string, string?> settings)
    {
        var deployment = new ProcessDeployment(await ScriptedProvider.StartAsync(), withQdrant ? await QdrantStandIn.StartAsync() : null, settings);
        try
        {
            await deployment.StartServerAsync();
            return deployment;
        }
        catch
        {
            await deployment.DisposeAsync();
            throw;
        }
    }

    /// <summary>The settings of a process with a scripted provider, and with Qdrant or, without it, the embedded index.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Environment(
        ScriptedProvider model, QdrantStandIn? qdrant, IReadOnlyDictionary<string, string?>? settings = null)
    {
        Dictionary<string, string?> store = qdrant is null ? [] : new() { ["Quiver:Vectors:Store"] = "Qdrant", ["Quiver:Qdrant:Address"] = qdrant.Address, ["Quiver:Qdrant:RestAddress"] = qdrant.RestAddress };
        return QuiverProcess.ToEnvironment(SharedServices.ModelSettings(model).Concat(store).Concat(settings ?? ImmutableDictionary<string, string?>.Empty));
    }

    public override async Task KillWithinAsync(Random random, TimeSpan span)
    {
        await new Killer(random).KillWithinAsync(_server!.Process, span);
        await _server.DisposeAsync();
        await StartServerAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        await _model.DisposeAsync();
        if (_qdrant is not null)
        {
            await _qdrant.DisposeAsync();
        }

        _home.Dispose();
    }

    private async Task StartServerAsync() => _server = await ServeProcess.StartAsync(_home.Path, _home.At("data"), _environment);
}

/// <summary>Three silos that share services.</summary>
internal sealed class SilosDeployment : Deployment
{
    private readonly ClusterProcesses _cluster;

    private SilosDeployment(ClusterProcesses cluster) => _cluster = cluster;

    public override ScriptedProvider Model => _cluster.Services.Model;

    public override IQuiverClient Client => Living[0].ClientOf("default");

    private IReadOnlyList<SiloProcess> Living => [.. _cluster.Silos.Where(static silo => !silo.Process.HasEnded)];

    public static async Task<Deployment> StartAsync(IReadOnlyDictionary<string, string?> settings) => new SilosDeployment(await ClusterProcesses.StartAsync(3, _ => settings));

    public override async Task KillWithinAsync(Random random, TimeSpan span)
    {
        var living = Living;
        await new Killer(random).KillWithinAsync(living[random.Next(living.Count)].Process, span);
        await _cluster.AddAsync();
    }

    public override ValueTask DisposeAsync() => _cluster.DisposeAsync();
}
