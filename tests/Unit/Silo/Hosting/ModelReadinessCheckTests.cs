using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Quiver.Core.Embedding;
using Quiver.Core.Embedding.Providers;
using Quiver.Silo.Hosting;
using Quiver.Tests.Support;

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
