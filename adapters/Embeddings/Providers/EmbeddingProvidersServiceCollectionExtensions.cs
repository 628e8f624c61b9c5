using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Quiver.Adapters.Embeddings.OpenAI;
using Quiver.Core.Embedding;
using Quiver.Core.Embedding.Budgets;
using Quiver.Core.Embedding.Providers;

namespace Quiver.Adapters.Embeddings.Providers;

/// <summary>Registers the embedding providers.</summary>
public static class EmbeddingProvidersServiceCollectionExtensions
{
    /// <summary>
    /// Adds the model catalog: the local model, which is the registered <see cref="IEmbeddingModel"/>, and the services of the settings. Needs an
    /// <see cref="IBudgetLessor"/>, logging, metrics and a <see cref="Random"/>.
    /// </summary>
    /// <param name="services">The services; calling twice is harmless.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddEmbeddingProviders(this IServiceCollection services)
    {
        services.AddOptions<ProvidersOptions>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ProvidersOptions>, ProvidersOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<EmbeddingInstruments>();
        services.TryAddSingleton<ProviderHttp>();
        services.TryAddSingleton<IEmbeddingModelCatalog>(CreateCatalog);
        return services;
    }

    private static EmbeddingModelCatalog CreateCatalog(IServiceProvider provider)
    {
        var options = provider.GetRequiredService<IOptions<ProvidersOptions>>().Value;
        var local = EmbeddingProvider.OfLocal(options.LocalName, provider.GetRequiredService<IEmbeddingModel>);
        var remote = options.Providers.Where(entry => entry.Value.Kind == ProviderKinds.OpenAI).ToList();
        if (remote.Count == 0)
        {
            return new EmbeddingModelCatalog([local], options.DefaultName);
        }

        var random = provider.GetRequiredService<Random>();
        var shared = new ProviderServices(
            $"silo-{random.NextInt64():x16}",
            provider.GetRequiredService<IBudgetLessor>(),
            provider.GetService<IEmbeddingCache>(),
            provider.GetRequiredService<EmbeddingInstruments>(),
            provider.GetRequiredService<TimeProvider>(),
            random,
            provider.GetRequiredService<ILoggerFactory>());
        var http = provider.GetRequiredService<ProviderHttp>();
        return new EmbeddingModelCatalog(
            [
                local,
                .. remote.Select(entry => ProviderFactory.Create(entry.Key.ToLowerInvariant(), entry.Value, shared, http, Environment.GetEnvironmentVariable)),
            ],
            options.DefaultName);
    }
}
