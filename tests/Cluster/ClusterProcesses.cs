using Quiver.Tests.Support;

namespace Quiver.Tests.Cluster;

/// <summary>Silos as processes that share services.</summary>
internal sealed class ClusterProcesses : IAsyncDisposable
{
    private readonly List<SiloProcess> _silos = [];

    private readonly Func<SharedServices, IReadOnlyDictionary<string, string?>> _settings;

    private ClusterProcesses(SharedServices services, Func<SharedServices, IReadOnlyDictionary<string, string?>>? settings)
    {
        Services = services;
        _settings = settings ?? (static _ => ImmutableDictionary<string, string?>.Empty);
    }

    public SharedServices Services { get; }

    public IReadOnlyList<SiloProcess> Silos => _silos;

    /// <summary>Starts so many silos at once, as a deployment does.</summary>
    /// <param name="silos">How many.</param>
    /// <param name="settings">Further settings of all silos.</param>
    public static async Task<ClusterProcesses> StartAsync(int silos, Func<SharedServices, IReadOnlyDictionary<string, string?>>? settings = null)
    {
        var cluster = new ClusterProcesses(await SharedServices.StartAsync(), settings);
        try
        {
            cluster._silos.AddRange(await Task.WhenAll(Enumerable.Range(0, silos).Select(_ => cluster.StartSiloAsync())));
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts another silo.</summary>
    public async Task<SiloProcess> AddAsync()
    {
        var silo = await StartSiloAsync();
        _silos.Add(silo);
        return silo;
    }

    /// <summary>The silo that took a job up last, once one has.</summary>
    /// <param name="tenant">Whose job.</param>
    /// <param name="job">The job.</param>
    /// <param name="not">A silo that it must have left.</param>
    public async Task<SiloProcess> HostOfAsync(string tenant, JobId job, SiloProcess? not = null)
    {
        while (true)
        {
            var news = Task.WhenAny(_silos.Select(static silo => silo.Process.Error.Changed));
            if (_silos.Where(silo => silo.EpochOf(tenant, job) > 0).MaxBy(silo => silo.EpochOf(tenant, job)) is { } host && host != not)
            {
                return host;
            }

            await news.OrFailAsync($"a silo to take job {job} up");
        }
    }

    /// <summary>A silo that is none of those.</summary>
    public SiloProcess Other(params SiloProcess[] than) => _silos.First(silo => !than.Contains(silo));

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in _silos)
        {
            await silo.DisposeAsync();
        }

        await Services.DisposeAsync();
    }

    private Task<SiloProcess> StartSiloAsync() => SiloProcess.StartAsync(Services, _settings(Services));
}

/// <summary>Tests with silos as processes run alone, one after another.</summary>
[CollectionDefinition(Name)]
public sealed class ClusterCollection : ICollectionFixture<UndisturbedCluster>
{
    public const string Name = "Cluster processes";
}
