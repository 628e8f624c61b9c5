using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using Quiver.Silo.Api;
using Quiver.Silo.Hosting;
using Quiver.Silo.Telemetry;

namespace Quiver.Silo.Serving;

/// <summary>
/// Puts a server together. It starts from nothing, not from the framework's defaults: no settings of the surroundings, such as
/// <c>ASPNETCORE_URLS</c>, open a port that nobody asked Quiver for.
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

        AddOptions(builder.Services, setup);
        builder.Services.AddSingleton<IHostLifetime, QuietLifetime>();
        builder.Services.AddRoutingCore();
        builder.Services.AddQuiverTelemetry(setup.Configuration);
        setup.AddSilo(builder.Services);
        builder.Services.AddQuiverApi(setup.Configuration);
        ListenWithKestrel(builder, setup.Configuration);

        var app = builder.Build();
        try
        {
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

    private static void AddOptions(IServiceCollection services, QuiverServerSetup setup)
    {
        services.AddOptions<ServerOptions>().Bind(setup.Configuration.GetSection(ServerOptions.Section)).Configure(setup.Configure ?? (static _ => { }));
        services.AddSingleton<IValidateOptions<ServerOptions>, ServerOptionsValidator>();
        services.AddOptions<HostOptions>().Configure<IOptions<ServerOptions>>(static (host, server) => host.ShutdownTimeout = server.Value.DrainTimeout);
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

    // The framework would also listen on what Kestrel:Endpoints names, past the checks of Quiver's own addresses.
    private static IConfiguration CertificatesOnly(IConfiguration configuration) =>
        new ConfigurationBuilder().AddInMemoryCollection(configuration.GetSection("Kestrel").AsEnumerable(makePathsRelative: true)
            .Where(static pair => pair.Key.StartsWith("Certificates", StringComparison.OrdinalIgnoreCase))).Build();
}
