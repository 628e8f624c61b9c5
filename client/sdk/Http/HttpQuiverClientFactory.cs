using System.Net;

namespace Quiver.Client.Http;

/// <summary>Clients of one server over one pool of connections. Thread-safe.</summary>
public sealed class HttpQuiverClientFactory : IQuiverClientFactory, IDisposable
{
    private readonly HttpClient _http;
    private readonly HttpTransport _transport;

    /// <summary>Opens nothing yet.</summary>
    /// <param name="options">How to talk to the server.</param>
    /// <param name="time">The clock.</param>
    /// <param name="random">For jitter; must be thread-safe.</param>
    /// <exception cref="InvalidRequestException">With <see cref="ErrorCodes.InvalidOption"/>: the options are not valid; says all that is wrong.</exception>
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
        };
        _transport = new(_http, options, time, random);
    }

    /// <inheritdoc/>
    public IQuiverClient Create(TenantId tenant) => new HttpQuiverClient(_transport, tenant);

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();
}
