using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Storage;
using Quiver.Embedded.Hosting;
using Quiver.Embedded.Reminders;
using Quiver.Grains;
using Quiver.Tests.Conformance.Runtime.Grains;
using Quiver.Tests.Support;
using Quiver.Tests.Unit.Embedded;

namespace Quiver.Tests.Conformance.Runtime.Embedded;

/// <summary>The embedded runtime with a manual clock.</summary>
public abstract class EmbeddedFixture : RuntimeFixture
{
    private ServiceProvider? _services;

    public override IClusterClient Client => _services!.GetRequiredService<IClusterClient>();

    /// <summary>Adjusts the options of the next start.</summary>
    internal Action<EmbeddedOptions> Adjust { get; set; } = _ => { };

    internal ManualTimeProvider Time { get; } = new();

    public override Task StartAsync()
    {
        var services = new ServiceCollection();
        services.AddSingleton<IGrainStorageSerializer, GrainStateSerializer>().AddSingleton<TimeProvider>(Time).AddSingleton(Journal).AddSingleton<LifeGrain.Numbers>();
        services.AddEmbeddedOrleans(silo => silo
            .AddGrain<TurnGrain>()
            .AddGrain<ReentrantTurnGrain>()
            .AddGrain<FaultGrain>()
            .AddGrain<StateGrain>()
            .AddGrain<LifeGrain>()
            .AddGrain<WorkerGrain>()
            .AddGrain<ReminderGrain>()
            .AddGrain<StreamGrain>()
            .AddGrain<BrokenGrain>()
            .AddStreams(Streams)
            .AddGrainStorage(Store, provider => new FaultyGrainStorage(OpenStorage(provider.GetRequiredService<IGrainStorageSerializer>()), Faults))
            .UseReminderStore(_ => OpenReminders())
            .Configure(options =>
            {
                options.ResponseTimeout = ResponseTimeout;
                options.CollectionAge = CollectionAge;
                options.MinimumReminderPeriod = MinimumReminderPeriod;
                Adjust(options);
            }));
        _services = services.BuildServiceProvider();
        return _services.GetRequiredService<EmbeddedSilo>().StartAsync(TestContext.Current.CancellationToken);
    }

    public override Task StopAsync() => _services!.GetRequiredService<EmbeddedSilo>().StopAsync(TestContext.Current.CancellationToken);

    public override Task AdvanceAsync(TimeSpan time)
    {
        Time.Advance(time);
        return Task.CompletedTask;
    }

    public override async ValueTask DisposeAsync()
    {
        if (_services is not null) await _services.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>The store; the same across restarts.</summary>
    protected abstract IGrainStorage OpenStorage(IGrainStorageSerializer serializer);

    /// <summary>The reminders; the same across restarts.</summary>
    protected abstract IReminderStore OpenReminders();
}
