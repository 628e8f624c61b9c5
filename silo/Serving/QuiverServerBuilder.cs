using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using Quiver.Silo.Api;
using Quiver.Silo.DataDirectory;
using Quiver.Silo.Hosting;
using Quiver.Silo.Options;
using Quiver.Silo.Telemetry;

namespace Quiver.Silo.Serving;

/// <summary>What a server is made of.</summary>
public sealed record QuiverServerSetup
{
    /// <summary>Settings; the sections <c>Quiver:Server</c>, <c>Quiver:Api</c>, <c>Quiver:Telemetry</c>, and <c>Kestrel</c> for certificates.</summary>
    public required IConfiguration Configuration { get; init; }

    /// <summary>
    /// Registers the silo: its hosted services, which start before the server listens and stop after it has stopped, and the
    /// <see cref="Quiver.Client.IQuiverClientFactory"/> behind the API.
    /// </summary>
    public required Action<IServiceCollection> AddSilo { get; init; }

    /// <summary>Changes to the settings, such as those of the command line.</summary>
    public Action<ServerOptions>? Configure { get; init; }

    /// <summary>The held data directory, in which the address is published; null publishes nothing.</summary>
    public DataDirectoryLock? Directory { get; init; }

    /// <summary>Sets up logging; null for JSON on standard output with the level of <c>Quiver:Telemetry</c>.</summary>
    public Action<ILoggingBuilder>? Logging { get; init; }
}

/// <summary>
/// Builds a server from an empty host instead of the framework's defaults: environment settings such as <c>ASPNETCORE_URLS</c> must not open a port.
/// </summary>
internal static class QuiverServerBuilder
{
    public static WebApplication Build(QuiverServerSetup setup)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "quiver", ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddConfiguration(setup.Configuration);
        if (setup.Logging is { } logging)
        {
            logging(builder.Logging);
        }
        else
        {
            builder.Logging.AddQuiverLogging(setup.Configuration);
        }

        builder.Services.AddSettings(setup.Configuration, SettingUse.Server);
        builder.Services.AddOptions<ServerOptions>().Configure(setup.Configure ?? (static _ => { }));
        builder.Services.AddOptions<HostOptions>()
            .Configure<IOptions<ServerOptions>>(static (host, server) => host.ShutdownTimeout = server.Value.DrainTimeout);
        builder.Services.AddSingleton<IHostLifetime, NoSignalLifetime>();
        builder.Services.AddRoutingCore();
        builder.Services.AddQuiverTelemetry(setup.Configuration);
        setup.AddSilo(builder.Services);
        builder.Services.AddQuiverApi();
        ListenWithKestrel(builder, setup.Configuration);

        var app = builder.Build();
        try
        {
            SettingsValidation.Validate(app.Services);
            foreach (var url in app.Services.GetRequiredService<IOptions<ServerOptions>>().Value.EffectiveUrls)
            {
                app.Urls.Add(url);
            }

            app.UseMiddleware<RequestGraceMiddleware>();
            app.UseQuiverApi();
            app.MapOrleansDashboardPages();
            return app;
        }
        catch
        {
            ((IDisposable)app).Dispose();
            throw;
        }
    }

    private static void ListenWithKestrel(WebApplicationBuilder builder, IConfiguration configuration)
    {
        builder.WebHost.UseKestrelCore();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.Services.AddOptions<KestrelServerOptions>().Configure<IOptions<ApiOptions>>((kestrel, api) =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = api.Value.MaxRequestBodyBytes;
            kestrel.Limits.MaxRequestHeadersTotalSize = api.Value.MaxRequestHeadersBytes;
            kestrel.Limits.MaxRequestHeaderCount = api.Value.MaxRequestHeaderCount;
            kestrel.Limits.MaxConcurrentConnections = api.Value.MaxConnections;
            kestrel.Configure(CertificatesOnly(configuration));
        });
    }

    // The framework would also listen on Kestrel:Endpoints, without Quiver's checks of addresses.
    private static IConfiguration CertificatesOnly(IConfiguration configuration) =>
        new ConfigurationBuilder()
            .AddInMemoryCollection(configuration.GetSection("Kestrel").AsEnumerable(makePathsRelative: true)
                .Where(static pair => pair.Key.StartsWith("Certificates", StringComparison.OrdinalIgnoreCase)))
            .Build();
}
