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
using Quiver.Tests.Conformance.Runtime.Grains;
using Quiver.Tests.Support;

namespace Quiver.Tests.Conformance.Runtime.Cluster;

/// <summary>Two silos of Orleans in this process. What grains see of time is a manual clock; what the cluster needs for itself is real.</summary>
public abstract class ClusterFixture : RuntimeFixture
{
    private InProcessTestCluster? _cluster;
    private IClusterClient? _client;

    // That of a silo, because workers are bound to each silo, and a client from outside asks any of them.
    public override IClusterClient Client => _client!;

    internal ManualTimeProvider Time { get; } = new();

    public override async Task StartAsync()
    {
        var builder = new InProcessTestClusterBuilder(2);
        builder.ConfigureHost(host => host.Logging.ClearProviders());
        builder.ConfigureSilo((_, silo) =>
        {
            AddClock(silo.Services);
            silo.Services.AddSingleton(Journal).AddSingleton<LifeGrain.Numbers>(_numbers).AddSingleton<IGrainStorageSerializer, GrainStateSerializer>();
            silo.Services.AddGrainStorage<IGrainStorage>(Store, (provider, _) => new FaultyGrainStorage(OpenStorage(provider.GetRequiredService<IGrainStorageSerializer>()), Faults));
            silo.AddActivityPropagation();
            silo.AddMemoryStreams(Streams).AddMemoryGrainStorage("PubSubStore");
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
        _client = _cluster.Silos[0].ServiceProvider.GetRequiredService<IClusterClient>();
    }

    public override Task StopAsync() => _cluster!.StopAllSilosAsync();

    public override Task AdvanceAsync(TimeSpan time)
    {
        Time.Advance(time);
        return Task.CompletedTask;
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
        services.AddSingleton<TimeProvider>(Time);
        services.UseTimeProviderForBackgroundAreas(TimeProvider.System);
        foreach (var area in new[] { TimeProviderNames.Messaging, TimeProviderNames.ActivationManagement, ReminderTimeProviderNames.Reminders })
            services.AddKeyedSingleton<TimeProvider>(area, Time);
    }
}
