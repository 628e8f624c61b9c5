using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Reminders;
using Orleans.Runtime;
using Orleans.Runtime.Hosting;
using Orleans.Storage;
using Orleans.TestingHost;
using Quiver.Grains;
using Quiver.Silo.Hosting.Cluster;
using Quiver.Tests.Conformance.Runtime.Grains;
using Quiver.Tests.Support;

namespace Quiver.Tests.Conformance.Runtime.Cluster;

/// <summary>Silos of Orleans in this process, two of them unless told otherwise.</summary>
/// <param name="silos">How many.</param>
/// <param name="manualTime">Whether what grains see of time is a manual clock; what the cluster needs for itself is real in any case.</param>
public abstract class ClusterFixture(int silos = 2, bool manualTime = true) : RuntimeFixture
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);

    private InProcessTestCluster? _cluster;
    private IClusterClient? _client;

    // Where there are several, that of one: workers are bound to each silo, and a client from outside asks any of them.
    public override IClusterClient Client => _client!;

    internal ManualTimeProvider Time { get; } = ManualTimeProvider.FiringOnPool();

    public override async Task StartAsync()
    {
        OrleansTraces.Listen();
        if (_cluster is not null) await _cluster.DisposeAsync();
        var builder = new InProcessTestClusterBuilder((short)silos);
        builder.ConfigureHost(host => host.Logging.ClearProviders());
        builder.ConfigureSilo((_, silo) =>
        {
            AddClock(silo.Services);
            silo.Services.AddSingleton(Journal).AddSingleton<LifeGrain.Numbers>(_numbers).AddSingleton<IGrainStorageSerializer, GrainStateSerializer>();
            silo.Services.AddGrainStorage<IGrainStorage>(Store, (provider, _) => new FaultyGrainStorage(OpenStorage(provider.GetRequiredService<IGrainStorageSerializer>()), Faults));
            silo.AddActivityPropagation();
            silo.AddMemoryStreams(Streams).AddPubSubStore();
            silo.AddReminders();
            silo.Services.AddSingleton(OpenReminders());
            silo.Configure<SiloMessagingOptions>(static options => options.ResponseTimeout = ResponseTimeout);
            silo.Configure<GrainCollectionOptions>(static options => options.CollectionAge = CollectionAge);
            silo.Configure<ReminderOptions>(static options => options.MinimumReminderPeriod = MinimumReminderPeriod);
        });
        builder.ConfigureClient(client =>
        {
            AddClock(client.Services);
            client.AddActivityPropagation();
            client.AddMemoryStreams(Streams);
            client.Configure<ClientMessagingOptions>(static options => options.ResponseTimeout = ResponseTimeout);
        });
        _cluster = builder.Build();
        await _cluster.DeployAsync();
        _client = silos == 1 ? _cluster.Client : _cluster.Silos[0].ServiceProvider.GetRequiredService<IClusterClient>();
    }

    public override Task StopAsync() => _cluster!.StopSilosAsync();

    /// <summary>In steps, so that whatever is armed on the way comes to its turn.</summary>
    public override async Task AdvanceAsync(TimeSpan time)
    {
        for (var left = time; left > TimeSpan.Zero; left -= Step)
        {
            Time.Advance(left < Step ? left : Step);
            await Task.Run(static () => { }, TestContext.Current.CancellationToken);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
        {
            // In good order it would wait for calls that a failed test has left behind a gate.
            foreach (var silo in _cluster.Silos.ToList())
                await _cluster.KillSiloAsync(silo);
            await _cluster.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>The store; the same across restarts and for all silos.</summary>
    protected abstract IGrainStorage OpenStorage(IGrainStorageSerializer serializer);

    /// <summary>The reminders; the same across restarts and for all silos.</summary>
    protected abstract IReminderTable OpenReminders();

    private readonly LifeGrain.Numbers _numbers = new();

    private void AddClock(IServiceCollection services)
    {
        if (!manualTime)
            return;
        services.AddSingleton<TimeProvider>(Time);
        services.UseTimeProviderForBackgroundAreas(TimeProvider.System);
        foreach (var area in new[] { TimeProviderNames.Messaging, TimeProviderNames.ActivationManagement, ReminderTimeProviderNames.Reminders })
            services.AddKeyedSingleton<TimeProvider>(area, Time);
    }
}
