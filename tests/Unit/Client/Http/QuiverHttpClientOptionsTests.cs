using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Quiver.Client;
using Quiver.Client.Http;

namespace Quiver.Tests.Unit.Client.Http;

public sealed class QuiverHttpClientOptionsTests
{
    [Fact]
    public void Options_WithAnAddress_AreValid() =>
        Assert.True(new QuiverHttpClientOptionsValidator().Validate(null, new() { BaseAddress = new("http://127.0.0.1:7700") }).Succeeded);

    [Fact]
    public void Options_ThatAreWrong_AreAllNamed()
    {
        var result = new QuiverHttpClientOptionsValidator().Validate(null, new()
        {
            BaseAddress = new Uri("ftp://host"),
            Tenant = "a/b",
            RetryAttempts = 11,
            RequestTimeout = TimeSpan.Zero,
            StreamIdleTimeout = TimeSpan.Zero,
            RetryMaxDelay = TimeSpan.FromMilliseconds(1),
        });

        Assert.Equal(
            ["BaseAddress", "Tenant", "RetryAttempts", "RequestTimeout", "StreamIdleTimeout", "RetryMaxDelay"],
            result.Failures!.Select(static fault => fault.Split(' ')[0]));
    }

    [Fact]
    public void AddQuiverHttpClient_GivesTheOptionsTenantsClient()
    {
        using var services = new ServiceCollection()
            .AddQuiverHttpClient(static options => (options.BaseAddress, options.Tenant) = (new("http://127.0.0.1:7700"), "acme"))
            .BuildServiceProvider();

        Assert.Equal("acme", services.GetRequiredService<IQuiverClient>().Tenant.Value);
        Assert.Equal("b", services.GetRequiredService<IQuiverClientFactory>().Create(TenantId.Parse("b")).Tenant.Value);
    }

    [Fact]
    public void AddQuiverHttpClient_WithoutAnAddress_SaysWhatToSet()
    {
        using var services = new ServiceCollection().AddQuiverHttpClient(static _ => { }).BuildServiceProvider();

        var error = Assert.Throws<OptionsValidationException>(services.GetRequiredService<IQuiverClient>);

        Assert.Contains("BaseAddress", error.Message, StringComparison.Ordinal);
    }
}
