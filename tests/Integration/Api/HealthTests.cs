using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Quiver.Client.Json;
using Quiver.Silo.Api.Health;

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
            .AddSingleton<IReadinessCheck>(new Check("model", "The model cannot be loaded."))
            .AddSingleton<IReadinessCheck>(new Check("disk", null))
            .AddSingleton<IReadinessCheck>(new Check("broken", null, new InvalidOperationException("secret"))));

        using var response = await server.Http.GetAsync("/health/ready", TestContext.Current.CancellationToken);

        var answer = await response.Content.ReadFromJsonAsync(QuiverJsonContext.Shared.Readiness, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("unavailable", answer!.Status);
        Assert.Equal(["broken", "model"], answer.Reasons.Keys.Order());
        Assert.Equal("The model cannot be loaded.", answer.Reasons["model"]);
        Assert.DoesNotContain("secret", answer.Reasons["broken"], StringComparison.Ordinal);
    }

    private sealed class Check(string name, string? fault, Exception? exception = null) : IReadinessCheck
    {
        public string Name => name;

        public ValueTask<string?> FindFaultAsync(CancellationToken cancellationToken) =>
            exception is null ? ValueTask.FromResult(fault) : ValueTask.FromException<string?>(exception);
    }
}
