using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Quiver.Client.Http;

/// <summary>Creates clients of one server that share a connection pool. Thread-safe.</summary>
public sealed class HttpQuiverClientFactory : IQuiverClientFactory, IDisposable
{
    private readonly HttpClient _http;
    private readonly HttpTransport _transport;

    /// <summary>Creates a factory; opens no connection yet.</summary>
    /// <param name="options">The server, timeouts and retries.</param>
    /// <param name="time">The clock of timeouts and retry delays.</param>
    /// <param name="random">The jitter of retry delays; must be thread-safe.</param>
    /// <exception cref="InvalidRequestException">With <see cref="ErrorCodes.InvalidOption"/> and every invalid option.</exception>
    public HttpQuiverClientFactory(QuiverHttpClientOptions options, TimeProvider time, Random random)
    {
        ArgumentNullException.ThrowIfNull(options);
        var validation = new QuiverHttpClientOptionsValidator().Validate(null, options);
        if (validation.Failed)
        {
            throw new InvalidRequestException(ErrorCodes.InvalidOption, validation.FailureMessage);
        }

        _http = new HttpClient(new SocketsHttpHandler
        {
            ConnectTimeout = options.ConnectTimeout,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            AutomaticDecompression = DecompressionMethods.All,
            AllowAutoRedirect = false,
        })
        {
            // Each request has its own timeout, and streams have none.
            Timeout = Timeout.InfiniteTimeSpan,
            DefaultRequestHeaders = { Authorization = ServerCredentials.Read(options.BaseAddress!) },
        };
        _transport = new(_http, options, time, random);
    }

    /// <inheritdoc/>
    public IQuiverClient Create(TenantId tenant) => new HttpQuiverClient(_transport, tenant);

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();
}

/// <summary>Registers the client over HTTP.</summary>
public static class QuiverHttpClientServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="IQuiverClientFactory"/>, and <see cref="IQuiverClient"/> for the options' tenant. Resolving either of them throws
    /// <see cref="OptionsValidationException"/> when an option is invalid.
    /// </summary>
    /// <param name="services">The services to add to.</param>
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
