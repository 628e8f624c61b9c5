using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;
using Quiver.Adapters.Embeddings.Onnx;
using Quiver.Core.Embedding;
using Quiver.Core.Embedding.Providers;
using Quiver.Silo.Hosting;
using Quiver.Tests.Support;
using Quiver.Tests.Support.Models;

namespace Quiver.Tests.Unit.Silo.Hosting;

public sealed class ModelReadinessCheckTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task LocalModel_ThatCannotBeRead_IsNotReady_UntilItIsRepaired()
    {
        var broken = true;
        var check = Create(EmbeddingProvider.OfLocal("local", () => Volatile.Read(ref broken)
            ? throw new PermanentException(ErrorCodes.ModelUnavailable, "There is no model at /secret/path.")
            : new HashModel()));

        var fault = await UntilAsync(check, static found => found?.Contains("cannot be loaded", StringComparison.Ordinal) == true);
        Volatile.Write(ref broken, false);
        var repaired = await UntilAsync(check, static found => found is null);

        Assert.DoesNotContain("/secret/path", fault, StringComparison.Ordinal);
        Assert.Null(repaired);
    }

    [Fact]
    public async Task Service_AsDefault_IsNotAsked()
    {
        using var model = new HashModel();
        var check = Create(EmbeddingProvider.OfService("p", "openai", new Uri("http://127.0.0.1:1"), model, new ProviderLimits(1, 1, 1, 1), () => "down"));

        Assert.Null(await UntilAsync(check, static found => found is null));
        Assert.Equal(0, model.Calls);
    }

    [Fact]
    public async Task LocalModel_ThatAJobUses_IsReadyAtTheFirstProbe()
    {
        var services = new ServiceCollection()
            .AddLogging()
            .AddMetrics()
            .AddOnnxEmbeddings(static options => (options.ModelPath, options.Threads) = (TinyBert.Path, 1))
            .AddSingleton<IEmbeddingModelCatalog>(static provider => EmbeddingModelCatalog.Of(provider.GetRequiredService<IEmbeddingModel>()));
        await using var provider = services.BuildServiceProvider();
        await provider.GetRequiredService<IEmbeddingModelCatalog>().Default.Model.Generator.GenerateAsync(["the quick fox"], cancellationToken: Token);
        var check = new ModelReadinessCheck(provider, NullLogger<ModelReadinessCheck>.Instance);

        var first = await check.CheckHealthAsync(new(), Token);

        Assert.Equal(HealthStatus.Healthy, first.Status);
    }

    private static ModelReadinessCheck Create(EmbeddingProvider provider) => new(
        new ServiceCollection().AddSingleton<IEmbeddingModelCatalog>(new EmbeddingModelCatalog([provider], provider.Name)).BuildServiceProvider(),
        NullLogger<ModelReadinessCheck>.Instance);

    private static async Task<string?> UntilAsync(ModelReadinessCheck check, Func<string?, bool> fits)
    {
        string? found = null;
        await Patience.UntilAsync(() => fits(found = check.CheckHealthAsync(new(), Token).GetAwaiter().GetResult().Description), "the check says what it should");
        return found;
    }
}
