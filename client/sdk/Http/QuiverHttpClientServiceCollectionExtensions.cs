using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Quiver.Client.Http;

/// <summary>Registers the client over HTTP.</summary>
public static class QuiverHttpClientServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="IQuiverClientFactory"/>, and <see cref="IQuiverClient"/> for the options' tenant. Options that are not valid fail
    /// when the first of them is asked for, with all that is wrong.
    /// </summary>
    /// <param name="services">Where to add them.</param>
    /// <param name="configure">Sets the options.</param>
    public static IServiceCollection AddQuiverHttpClient(this IServiceCollection services, Action<QuiverHttpClientOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions<QuiverHttpClientOptions>().Configure(configure);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<QuiverHttpClientOptions>, QuiverHttpClientOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IQuiverClientFactory>(static provider => new HttpQuiverClientFactory(
            provider.GetRequiredService<IOptions<QuiverHttpClientOptions>>().Value,
            provider.GetRequiredService<TimeProvider>(),
            Random.Shared));
        services.TryAddSingleton(static provider => provider
            .GetRequiredService<IQuiverClientFactory>()
            .Create(TenantId.Parse(provider.GetRequiredService<IOptions<QuiverHttpClientOptions>>().Value.Tenant)));
        return services;
    }
}
