using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Quiver.Silo.Options;
using Quiver.Silo.Telemetry;

namespace Quiver.Tests.Unit.Silo.Telemetry;

public sealed class OtlpExportTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Host_WithAnEndpoint_SendsQuiversMetricsAndSpansBeforeItEnds()
    {
        await using var receiver = await Receiver.StartAsync();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddLogging();
        builder.Services.AddQuiverTelemetry(Settings(receiver.Address));
        using var host = builder.Build();
        await host.StartAsync(Token);

        using (var meter = new Meter("Quiver.Tests.Telemetry"))
        {
            meter.CreateCounter<long>("quiver.test.documents").Add(3);
        }

        using (var source = new ActivitySource("Quiver.Tests.Telemetry"))
        {
            source.StartActivity("quiver.test.batch")?.Dispose();
        }

        await host.StopAsync(Token);

        var metrics = Assert.Single(receiver.Received, request => request.Path == "/v1/metrics");
        var traces = Assert.Single(receiver.Received, request => request.Path == "/v1/traces");
        Assert.Equal(("application/x-protobuf", "application/x-protobuf"), (metrics.Type, traces.Type));
        Assert.Contains("quiver.test.documents", metrics.Body, StringComparison.Ordinal);
        Assert.Contains("dotnet.gc.collections", metrics.Body, StringComparison.Ordinal);
        Assert.Contains("service.name", metrics.Body, StringComparison.Ordinal);
        Assert.Contains("quiver.test.batch", traces.Body, StringComparison.Ordinal);
    }

    [Fact]
    public void Services_WithoutAnEndpoint_AreNotThere()
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT") is { Length: > 0 }, "This machine exports its telemetry.");

        var services = new ServiceCollection().AddQuiverTelemetry(new ConfigurationBuilder().Build());

        Assert.DoesNotContain(services, service => service.ServiceType == typeof(IHostedService));
    }

    [Fact]
    public void Options_ThatAreWrong_AreAllNamed()
    {
        var result = new SectionValidator<TelemetryOptions>(TelemetryOptions.Section).Validate(
            null, new() { OtlpEndpoint = new Uri("/relative", UriKind.Relative), OtlpProtocol = "smoke", MetricInterval = TimeSpan.Zero });

        Assert.Equal(3, result.Failures!.Count());
    }

    private static IConfiguration Settings(string endpoint) => new ConfigurationBuilder()
        .AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Quiver:Telemetry:OtlpEndpoint"] = endpoint,
            ["Quiver:Telemetry:MetricInterval"] = "00:30:00",
        })
        .Build();

    private sealed class Receiver(WebApplication app) : IAsyncDisposable
    {
        public ConcurrentQueue<(string Path, string? Type, string Body)> Received { get; } = new();

        public string Address => app.Urls.First();

        public static async Task<Receiver> StartAsync()
        {
            var builder = WebApplication.CreateEmptyBuilder(new());
            builder.WebHost.UseKestrelCore();
            var app = builder.Build();
            var receiver = new Receiver(app);
            app.Urls.Add("http://127.0.0.1:0");
            app.Run(async context =>
            {
                using var body = new MemoryStream();
                await context.Request.Body.CopyToAsync(body, context.RequestAborted);
                receiver.Received.Enqueue((context.Request.Path, context.Request.ContentType, Encoding.Latin1.GetString(body.ToArray())));
            });
            await app.StartAsync(Token);
            return receiver;
        }

        public async ValueTask DisposeAsync() => await app.DisposeAsync();
    }
}
