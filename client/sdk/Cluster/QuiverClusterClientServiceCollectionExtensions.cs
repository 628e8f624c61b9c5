using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Npgsql;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Serialization;
using Quiver.Client.Grains;

namespace Quiver.Client.Cluster;

/// <summary>Registers the client of a cluster.</summary>
public static class QuiverClusterClientServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="IQuiverClientFactory"/> for a cluster; needs logging and a host, with which it connects. A silo that is lost is no error: calls
    /// that may be repeated are, at another one, and a watch misses nothing.
    /// </summary>
    /// <param name="services">Where to add it.</param>
    /// <param name="configure">Says which cluster.</param>
    /// <exception cref="OptionsValidationException">At the start of the host: the options are not valid.</exception>
    public static IServiceCollection AddQuiverClusterClient(this IServiceCollection services, Action<QuiverClusterClientOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions<QuiverClusterClientOptions>().Configure(configure).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<QuiverClusterClientOptions>, QuiverClusterClientOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<GrainClientOptions>().Configure<IOptions<QuiverClusterClientOptions>>(static (grains, cluster) => grains.RetryAttempts = cluster.Value.RetryAttempts);
        services.AddOrleansClient(AddOrleans);
        return services.AddQuiverGrainClient();
    }

    private static void AddOrleans(IClientBuilder client)
    {
        client.Services.AddOptions<ClusterOptions>().Configure<IOptions<QuiverClusterClientOptions>>(static (orleans, cluster) =>
        {
            orleans.ClusterId = cluster.Value.ClusterId;
            orleans.ServiceId = cluster.Value.ServiceId;
        });
        client.Services.AddOptions<GatewayOptions>().Configure<IOptions<QuiverClusterClientOptions>>(static (orleans, cluster) =>
            orleans.GatewayListRefreshPeriod = cluster.Value.GatewayListRefreshPeriod);

        // What a library throws in a silo must not hide behind the lack of a serializer for it.
        client.Services.Configure<ExceptionSerializationOptions>(static options => options.SupportedExceptionTypeFilter = static _ => true);
        client.UseAdoNetClustering(static options => options.Configure<IOptions<QuiverClusterClientOptions>>(static (orleans, cluster) =>
        {
            orleans.Invariant = "Npgsql";
            orleans.ConnectionString = new NpgsqlConnectionStringBuilder(cluster.Value.ConnectionString) { SearchPath = cluster.Value.Schema }.ConnectionString;
        }));
        client.AddActivityPropagation();
        client.AddMemoryStreams(StreamNames.Provider);
        client.UseConnectionRetryFilter<GatewayPatience>();
    }
}
