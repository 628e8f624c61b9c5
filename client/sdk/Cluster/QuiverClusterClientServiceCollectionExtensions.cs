using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Npgsql;
using Orleans;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Serialization;
using Quiver.Client.Grains;

namespace Quiver.Client.Cluster;

/// <summary>Registers the client of a cluster.</summary>
public static class QuiverClusterClientServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="IQuiverClientFactory"/> over a cluster. Needs logging and a generic host; the client connects when the host starts. When a silo is
    /// lost, calls that are safe to repeat are retried on another silo, and a watch misses no event.
    /// </summary>
    /// <param name="services">The services to add to.</param>
    /// <param name="configure">Sets the options.</param>
    /// <exception cref="OptionsValidationException">At the start of the host: an option is invalid.</exception>
    public static IServiceCollection AddQuiverClusterClient(this IServiceCollection services, Action<QuiverClusterClientOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions<QuiverClusterClientOptions>().Configure(configure).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<QuiverClusterClientOptions>, QuiverClusterClientOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<GrainClientOptions>().Configure<IOptions<QuiverClusterClientOptions>>(
            static (grains, cluster) => grains.RetryAttempts = cluster.Value.RetryAttempts);
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

        // Without this, a missing serializer would hide the exception that a library threw in a silo.
        client.Services.Configure<ExceptionSerializationOptions>(static options => options.SupportedExceptionTypeFilter = static _ => true);
        client.UseAdoNetClustering(static options => options.Configure<IOptions<QuiverClusterClientOptions>>(static (orleans, cluster) =>
        {
            orleans.Invariant = "Npgsql";
            orleans.ConnectionString = new NpgsqlConnectionStringBuilder(cluster.Value.ConnectionString) { SearchPath = cluster.Value.Schema }.ConnectionString;
        }));
        client.AddActivityPropagation();
        client.AddMemoryStreams(StreamNames.Provider);
        client.UseConnectionRetryFilter<ConnectionRetryFilter>();
    }

    /// <summary>Retries the first connection until <see cref="QuiverClusterClientOptions.ConnectTimeout"/> has passed.</summary>
    private sealed class ConnectionRetryFilter(IOptions<QuiverClusterClientOptions> options, TimeProvider time) : IClientConnectionRetryFilter
    {
        private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(500);

        private readonly long _startedAt = time.GetTimestamp();

        public async Task<bool> ShouldRetryConnectionAttempt(Exception exception, CancellationToken cancellationToken)
        {
            if (time.GetElapsedTime(_startedAt) >= options.Value.ConnectTimeout)
            {
                return false;
            }

            await Task.Delay(RetryDelay, time, cancellationToken);
            return true;
        }
    }
}
