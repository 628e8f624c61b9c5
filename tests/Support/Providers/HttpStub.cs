using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Quiver.Tests.Support.Providers;

/// <summary>An HTTP server that answers as a test says: a proxy, a page, a server with a certificate of its own.</summary>
internal sealed class HttpStub : IAsyncDisposable
{
    private readonly WebApplication _app;

    private HttpStub(WebApplication app) => _app = app;

    /// <summary>Without a path.</summary>
    public Uri Address => new(_app.Urls.Single());

    /// <summary>Starts it.</summary>
    /// <param name="answer">Answers a request.</param>
    /// <param name="certificate">Its certificate; null for plain HTTP.</param>
    public static async Task<HttpStub> StartAsync(RequestDelegate answer, X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (certificate is not null)
            {
                listen.UseHttps(certificate);
            }
        }));
        var app = builder.Build();
        app.Run(answer);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new(app);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }
}
