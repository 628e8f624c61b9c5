using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Quiver.Silo.Hosting;
using Quiver.Silo.Serving;
using Quiver.Tests.Support;

namespace Quiver.Tests.Cluster;

/// <summary>Orleans' dashboard on a real silo.</summary>
[Collection(ClusterCollection.Name)]
public sealed class DashboardTests
{
    private const string Page = "orleans/";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Dashboard_UnlessAskedFor_IsNotThere() =>
        await WithServerAsync([], static async http => Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync(Page, Token)).StatusCode));

    [Fact]
    public async Task Dashboard_AsksForItsPassword() => await WithServerAsync(
        new() { ["Quiver:OrleansDashboard:Enabled"] = "true", ["Quiver:OrleansDashboard:Path"] = "/inside", ["Quiver:OrleansDashboard:Password"] = "pass:word" },
        static async http =>
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync("inside/", Token)).StatusCode);
            Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync("inside/DashboardCounters", Token)).StatusCode);
            foreach (var (password, expected) in new[] { ("word", HttpStatusCode.Unauthorized), ("", HttpStatusCode.Unauthorized), ("pass:word", HttpStatusCode.OK) })
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, "inside/DashboardCounters");
                request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"anybody:{password}")));
                Assert.Equal(expected, (await http.SendAsync(request, Token)).StatusCode);
            }

            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String("anybody:pass:word"u8));
            Assert.Contains("<html", await http.GetStringAsync("inside/", Token), StringComparison.OrdinalIgnoreCase);
        });

    [Fact]
    public async Task Dashboard_OfASingleSiloOnLoopback_NeedsNoPassword() => await WithServerAsync(
        null,
        new() { ["Quiver:OrleansDashboard:Enabled"] = "true" },
        static async http => Assert.Contains("<html", await http.GetStringAsync(Page, Token), StringComparison.OrdinalIgnoreCase));

    [Fact]
    public async Task Dashboard_OfASingleSiloWithAPassword_AsksForIt() => await WithServerAsync(
        null,
        new() { ["Quiver:OrleansDashboard:Enabled"] = "true", ["Quiver:OrleansDashboard:Password"] = "pass:word" },
        static async http =>
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync("orleans/DashboardCounters", Token)).StatusCode);
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String("anybody:pass:word"u8));
            Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("orleans/DashboardCounters", Token)).StatusCode);
        });

    private static async Task WithServerAsync(Dictionary<string, string?> more, Func<HttpClient, Task> test)
    {
        await using var services = await SharedServices.StartAsync();
        await WithServerAsync(services.NextPlace().Settings, more, test);
    }

    private static async Task WithServerAsync(Dictionary<string, string?>? cluster, Dictionary<string, string?> more, Func<HttpClient, Task> test)
    {
        using var folder = new TemporaryFolder();
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(cluster ?? []).AddInMemoryCollection(more).Build();
        await using var server = QuiverServer.Create(new()
        {
            Configuration = configuration,
            AddSilo = silo => silo.AddQuiverSilo(configuration, new SiloSettings(Directory.CreateDirectory(folder.At("data")).FullName, RunsJobs: true)),
            Configure = static options => options.Urls = ["http://127.0.0.1:0"],
            Logging = static logging => logging.SetMinimumLevel(LogLevel.None),
        });
        await server.StartAsync(Token);
        using var http = new HttpClient { BaseAddress = server.LocalAddress };
        await test(http);
        await server.StopAsync();
    }
}
