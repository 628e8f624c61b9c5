namespace Quiver.Adapters.Embeddings.OpenAI;

/// <summary>
/// The one HTTP client of all providers: connections are pooled and renewed now and then, so that a change of address is noticed. Redirections
/// are not followed, lest a key goes where nobody meant it to go.
/// </summary>
internal sealed class ProviderHttp : IDisposable
{
    private static readonly TimeSpan ConnectionLife = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(10);

    /// <summary>The client; every request brings its own limit of time.</summary>
    public HttpClient Client { get; } = new(new SocketsHttpHandler
    {
        PooledConnectionLifetime = ConnectionLife,
        ConnectTimeout = ConnectPatience,
        EnableMultipleHttp2Connections = true,
        AllowAutoRedirect = false,
        UseCookies = false,
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    public void Dispose() => Client.Dispose();
}
