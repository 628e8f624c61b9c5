using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Quiver.Client.Grains;

/// <summary>Registers the client over grains.</summary>
public static class QuiverGrainClientServiceCollectionExtensions
{
    /// <summary>Adds <see cref="IQuiverClientFactory"/> over the <c>IClusterClient</c> of this process; needs logging. Idempotent.</summary>
    /// <param name="services">The services to add to.</param>
    public static IServiceCollection AddQuiverGrainClient(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions<GrainClientOptions>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<GrainClientOptions>, GrainClientOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(static provider => new JobIdGenerator(provider.GetRequiredService<TimeProvider>(), Random.Shared));
        services.TryAddSingleton(static provider => new GrainInvoker(
            provider.GetRequiredService<IOptions<GrainClientOptions>>().Value, provider.GetRequiredService<TimeProvider>(), Random.Shared));
        services.TryAddSingleton<IQuiverClientFactory, GrainQuiverClientFactory>();
        return services;
    }
}
