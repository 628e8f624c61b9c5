
using Quiver.Adapters.Embeddings.Providers;
using Quiver.Cli.Doctor;
using Quiver.Silo.Doctor;

namespace Quiver.Tests.Unit.Silo.Doctor;

public sealed class ProvidersCheckTests
{
    private readonly ProvidersOptions _options = new();

    [Fact]
    public async Task NoProviders_AreFine() => Assert.Equal(DoctorStatus.Ok, (await RunAsync()).Status);

    [Fact]
    public async Task Provider_WithItsKey_IsNamedWithItsAddressAndWithoutTheKey()
    {
        _options.Providers["openai"] = new ProviderOptions { Model = "m", Dimensions = 8 };

        var result = await RunAsync(("OPENAI_API_KEY", "sk-secret"));

        Assert.Equal(DoctorStatus.Ok, result.Status);
        Assert.Contains("openai at https://api.openai.com/v1/embeddings", result.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("sk-secret", result.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Provider_WithoutItsKey_IsAWarningThatNamesTheVariable()
    {
        _options.Providers["openai"] = new ProviderOptions { Model = "m", Dimensions = 8 };

        var result = await RunAsync();

        Assert.Equal(DoctorStatus.Warn, result.Status);
        Assert.Contains("OPENAI_API_KEY", result.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settings_ThatAreWrong_Fail()
    {
        _options.Providers["openai"] = new ProviderOptions { Model = "m" };

        var result = await RunAsync();

        Assert.Equal(DoctorStatus.Fail, result.Status);
        Assert.Contains("Quiver:Providers:openai:Dimensions", result.Message, StringComparison.Ordinal);
    }

    private Task<DoctorResult> RunAsync(params (string Name, string Value)[] variables) => new ProvidersCheck(
        () => _options, name => variables.FirstOrDefault(variable => variable.Name == name).Value).RunAsync(TestContext.Current.CancellationToken);
}
