using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Quiver.Client.Json;

namespace Quiver.Tests.Integration.Api;

public sealed class HealthTests
{
    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    public async Task Health_OfAStartedServer_IsOk(string path)
    {
        await using var server = await ApiServer.StartAsync();

        var answer = await server.Http.GetFromJsonAsync(path, QuiverJsonContext.Shared.Readiness, TestContext.Current.CancellationToken);

        Assert.Equal("ok", answer!.Status);
        Assert.Empty(answer.Reasons);
    }

    [Fact]
    public async Task Readiness_WithFailingChecks_NamesEachAndLeaksNoException()
    {
        await using var server = await ApiServer.StartAsync(services: static services => services
            .AddHealthChecks()
            .AddCheck("model", static () => HealthCheckResult.Unhealthy("The model cannot be loaded."))
            .AddCheck("disk", static () => HealthCheckResult.Healthy())
            .AddCheck("broken", static () => throw new InvalidOperationException("secret")));

        using var response = await server.Http.GetAsync("/health/ready", TestContext.Current.CancellationToken);

        var answer = await response.Content.ReadFromJsonAsync(QuiverJsonContext.Shared.Readiness, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("unavailable", answer!.Status);
        Assert.Equal(["broken", "model"], answer.Reasons.Keys.Order());
        Assert.Equal("The model cannot be loaded.", answer.Reasons["model"]);
        Assert.DoesNotContain("secret", answer.Reasons["broken"], StringComparison.Ordinal);
    }
}
