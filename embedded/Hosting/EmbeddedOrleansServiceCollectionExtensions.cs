using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orleans;
using Quiver.Embedded.Reminders;

namespace Quiver.Embedded.Hosting;

/// <summary>Adding the embedded runtime to a host.</summary>
public static class EmbeddedOrleansServiceCollectionExtensions
{
    /// <summary>
    /// Adds a silo that starts and stops with the host; without a host, call <see cref="EmbeddedSilo.StartAsync"/> and <see cref="EmbeddedSilo.StopAsync"/>.
    /// Calling it again adds to the same silo.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configure">Says what the silo holds.</param>
    public static IServiceCollection AddEmbeddedOrleans(this IServiceCollection services, Action<EmbeddedOrleansBuilder> configure)
    {
        services.AddOptions<EmbeddedOptions>().Validate(options => options.IsValid(), "Every time and bound of the embedded runtime must be above 0.");
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IReminderStore, MemoryReminderStore>();
        services.TryAddSingleton(provider => new EmbeddedSilo(
            provider,
            provider.GetRequiredService<IOptions<EmbeddedOptions>>(),
            provider.GetServices<GrainRegistration>(),
            provider.GetRequiredService<IReminderStore>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetService<ILogger<EmbeddedSilo>>() ?? NullLogger<EmbeddedSilo>.Instance));
        services.TryAddSingleton(provider => provider.GetRequiredService<EmbeddedSilo>().Reminders);
        services.TryAddSingleton<IClusterClient>(provider => provider.GetRequiredService<EmbeddedSilo>().Client);
        services.TryAddSingleton<IGrainFactory>(provider => provider.GetRequiredService<EmbeddedSilo>().Client);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, EmbeddedSilo>(provider => provider.GetRequiredService<EmbeddedSilo>()));
        configure(new EmbeddedOrleansBuilder(services));
        return services;
    }
}
