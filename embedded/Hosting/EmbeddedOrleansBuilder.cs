using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans;
using Orleans.Storage;
using Orleans.Streams;
using Quiver.Embedded.Reminders;
using Quiver.Embedded.State;
using Quiver.Embedded.Streams;

namespace Quiver.Embedded.Hosting;

/// <summary>Says what the silo holds.</summary>
public sealed class EmbeddedOrleansBuilder
{
    internal EmbeddedOrleansBuilder(IServiceCollection services) => Services = services;

    /// <summary>The host's services.</summary>
    public IServiceCollection Services { get; }

    /// <summary>Adds a grain class.</summary>
    /// <typeparam name="TGrain">The class.</typeparam>
    public EmbeddedOrleansBuilder AddGrain<TGrain>()
        where TGrain : IGrainBase
    {
        Services.AddSingleton(new GrainRegistration(typeof(TGrain)));
        return this;
    }

    /// <summary>Adds a store of grain state.</summary>
    /// <param name="name">Its name in <c>[PersistentState]</c>.</param>
    /// <param name="factory">Makes it.</param>
    public EmbeddedOrleansBuilder AddGrainStorage(string name, Func<IServiceProvider, IGrainStorage> factory)
    {
        Services.AddKeyedSingleton(name, (services, _) => factory(services));
        return this;
    }

    /// <summary>Adds a store of grain state that lives as long as the process.</summary>
    /// <param name="name">Its name in <c>[PersistentState]</c>.</param>
    public EmbeddedOrleansBuilder AddMemoryGrainStorage(string name = PersistentStateFactory.DefaultStorage) =>
        AddGrainStorage(name, services => new MemoryGrainStorage(services.GetRequiredService<IGrainStorageSerializer>()));

    /// <summary>Sets the store of reminders; without this call they live as long as the process.</summary>
    /// <param name="factory">Makes it.</param>
    public EmbeddedOrleansBuilder UseReminderStore(Func<IServiceProvider, IReminderStore> factory)
    {
        Services.Replace(ServiceDescriptor.Singleton(factory));
        return this;
    }

    /// <summary>Adds a stream provider.</summary>
    /// <param name="name">Its name in <c>GetStreamProvider</c>.</param>
    public EmbeddedOrleansBuilder AddStreams(string name)
    {
        Services.AddKeyedSingleton<IStreamProvider>(name, (services, _) =>
        {
            var silo = services.GetRequiredService<EmbeddedSilo>();
            return silo.AddStreams(new LocalStreamProvider(name, silo));
        });
        return this;
    }

    /// <summary>Changes settings.</summary>
    /// <param name="configure">The change.</param>
    public EmbeddedOrleansBuilder Configure(Action<EmbeddedOptions> configure)
    {
        Services.Configure(configure);
        return this;
    }
}
