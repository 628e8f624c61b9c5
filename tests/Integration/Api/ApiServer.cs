using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Quiver.Client;
using Quiver.Client.Http;
using Quiver.Silo.Serving;

namespace Quiver.Tests.Integration.Api;

/// <summary>The real server on a free port, over a scripted client.</summary>
internal sealed class ApiServer : IAsyncDisposable
{
    private readonly List<IDisposable> _owned = [];
    private bool _stopped;

    private ApiServer(QuiverServer server, ScriptedQuiverClient script)
    {
        Server = server;
        Script = script;
        Http = new HttpClient { BaseAddress = server.LocalAddress, Timeout = TimeSpan.FromMinutes(3) };
        _owned.Add(Http);
    }

    public QuiverServer Server { get; }

    public ScriptedQuiverClient Script { get; }

    public HttpClient Http { get; }

    public static async Task<ApiServer> StartAsync(
        Dictionary<string, string?>? settings = null, TimeProvider? time = null, Action<IServiceCollection>? services = null)
    {
        var script = new ScriptedQuiverClient();
        var server = QuiverServer.Create(new()
        {
            Configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build(),
            Configure = static options => options.Urls = ["http://127.0.0.1:0"],
            Logging = static logging => logging.SetMinimumLevel(LogLevel.None),
            AddSilo = collection =>
            {
                collection.AddSingleton<IQuiverClientFactory>(script);
                if (time is not null)
                {
                    collection.AddSingleton(time);
                }

                services?.Invoke(collection);
            },
        });
        await server.StartAsync(TestContext.Current.CancellationToken);
        return new(server, script);
    }

    /// <summary>Quiver's client for this server, or for a proxy in front of it.</summary>
    public IQuiverClient Client(string tenant = "default", Uri? address = null, Action<QuiverHttpClientOptions>? configure = null, TimeProvider? time = null)
    {
        var options = new QuiverHttpClientOptions
        {
            BaseAddress = address ?? Server.LocalAddress,
            RetryBaseDelay = TimeSpan.FromMilliseconds(1),
            RetryMaxDelay = TimeSpan.FromMilliseconds(20),
        };
        configure?.Invoke(options);
        var factory = new HttpQuiverClientFactory(options, time ?? TimeProvider.System, new Random(1));
        _owned.Add(factory);
        return factory.Create(TenantId.Parse(tenant));
    }

    public async Task StopAsync()
    {
        _stopped = true;
        await Server.StopAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var owned in _owned)
        {
            owned.Dispose();
        }

        if (!_stopped)
        {
            await Server.StopAsync();
        }

        await Server.DisposeAsync();
    }
}
