using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Quiver.Adapters.Embeddings.Cache;
using Quiver.Adapters.Embeddings.Onnx;
using Quiver.Core.Embedding;

namespace Quiver.Tests.Integration.Embeddings.Onnx;

public sealed class OnnxEmbeddingGeneratorTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Constructor_MissingModel_SaysWhatToRun()
    {
        var error = Assert.Throws<PermanentException>(() => Generators.Create(options => options.ModelPath = Path.Combine(AppContext.BaseDirectory, "nowhere")));

        Assert.Equal(ErrorCodes.ModelUnavailable, error.Code);
        Assert.Contains("dotnet build silo", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_NameOfAModelOfTheBuild_FindsIt()
    {
        using var generator = Generators.Create(options => options.ModelPath = "all-MiniLM-L6-v2");

        Assert.Equal("all-MiniLM-L6-v2", generator.Info.Name);
    }

    [Fact]
    public void Constructor_PresetThatTheBuildLacks_SaysInASentenceHowToAddIt()
    {
        Assert.SkipWhen(Directory.Exists(Path.Combine(LocalModelFolders.Root, "arctic-embed-xs")), "This build has it.");

        var error = Assert.Throws<PermanentException>(() => Generators.Create(options => options.ModelPath = "arctic-embed-xs"));

        Assert.Equal(
            (ErrorCodes.ModelUnavailable, "This build of Quiver does not contain the model arctic-embed-xs: build it with `dotnet build silo -p:ExtraModels=arctic-embed-xs`."),
            (error.Code, error.Message));
    }

    [Fact]
    public async Task GenerateAsync_DamagedGraph_SaysWhatToDoAndRecoversWhenReplaced()
    {
        var directory = Directory.CreateTempSubdirectory("quiver-model-").FullName;
        var source = new OnnxOptions().ModelPath;
        foreach (var file in new[] { "vocab.txt", "model.json" })
        {
            File.Copy(Path.Combine(source, file), Path.Combine(directory, file));
        }

        await File.WriteAllTextAsync(Path.Combine(directory, "model.onnx"), "no graph", Token);
        using var generator = Generators.Create(options => options.ModelPath = directory);

        var error = await Assert.ThrowsAsync<PermanentException>(() => generator.GenerateAsync(["x"], cancellationToken: Token));

        Assert.Equal(ErrorCodes.ModelUnavailable, error.Code);
        File.Copy(Path.Combine(source, "model.onnx"), Path.Combine(directory, "model.onnx"), overwrite: true);
        Assert.Single(await generator.GenerateAsync(["x"], cancellationToken: Token));
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task GenerateAsync_CancelledWhileComputing_EndsAndServesTheNext()
    {
        using var generator = Generators.Create(options => options.Threads = 1);
        await generator.GenerateAsync(["warm"], cancellationToken: Token);
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Token);
        string[] many = [.. Enumerable.Range(0, 20_000).Select(i => $"text number {i} of a call that is far too long to wait for")];

        var call = generator.GenerateAsync(many, cancellationToken: cancellation.Token);
        var query = await generator.GenerateAsync(["a search meanwhile"], cancellationToken: Token);
        var wasComputing = !call.IsCompleted;
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.True(wasComputing);
        Assert.Single(query);
        Assert.Single(await generator.GenerateAsync(["next"], cancellationToken: Token));
    }

    [Fact]
    public async Task GenerateAsync_CancelledBefore_ComputesNothing()
    {
        using var generator = Generators.Create();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => generator.GenerateAsync(["x"], cancellationToken: new CancellationToken(canceled: true)));
    }

    [Fact]
    public async Task Dispose_WaitingCalls_FailThem()
    {
        var generator = Generators.Create(options => options.Threads = 1);
        string[] many = [.. Enumerable.Range(0, 20_000).Select(i => $"text number {i} of a call that will not finish")];
        var call = generator.GenerateAsync(many, cancellationToken: Token);

        generator.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => call);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => generator.GenerateAsync(["x"], cancellationToken: Token));
    }

    [Fact]
    public async Task GenerateAsync_AnyTexts_ReportsTheirTokens()
    {
        using var generator = Generators.Create();

        var answer = await generator.GenerateAsync(["hello", "Hello, world!", ""], cancellationToken: Token);

        Assert.Equal(11, answer.Usage?.InputTokenCount);
        Assert.All(answer, embedding => Assert.Equal(generator.Info.Id, embedding.ModelId));
    }

    [Fact]
    public void GetService_Metadata_NamesModelAndDimensions()
    {
        using var generator = Generators.Create();

        var metadata = generator.GetService<EmbeddingGeneratorMetadata>();

        Assert.Equal(("onnx", "all-MiniLM-L6-v2", 384), (metadata?.ProviderName, metadata?.DefaultModelId, metadata?.DefaultModelDimensions));
    }

    [Fact]
    public async Task AddOnnxEmbeddings_WithCache_ComputesATextOnce()
    {
        var directory = Directory.CreateTempSubdirectory("quiver-onnx-").FullName;
        await using (var services = new ServiceCollection().AddLogging().AddMetrics()
            .AddEmbeddingCache(options => options.Path = Path.Combine(directory, "cache.db"))
            .AddOnnxEmbeddings(options => options.Threads = 1)
            .AddOnnxEmbeddings()
            .BuildServiceProvider())
        {
            var model = services.GetRequiredService<IEmbeddingModel>();

            var first = await model.Generator.GenerateAsync(["one", "two", "one"], cancellationToken: Token);
            var second = await model.Generator.GenerateAsync(["two", "one"], cancellationToken: Token);

            Assert.Equal((2, 1), EmbeddingUsage.Read(first));
            Assert.Equal((0, 2), EmbeddingUsage.Read(second));
            Assert.Equal(first[0].Vector.ToArray(), second[1].Vector.ToArray());
        }

        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public void AddOnnxEmbeddings_BadSettings_NamesAllOfThem()
    {
        using var services = new ServiceCollection().AddLogging().AddOnnxEmbeddings(options =>
        {
            options.Threads = 0;
            options.TokensPerRun = 1;
            options.ModelPath = " ";
        }).BuildServiceProvider();

        var error = Assert.Throws<OptionsValidationException>(services.GetRequiredService<OnnxEmbeddingGenerator>);

        Assert.Equal(3, error.Failures.Count());
        Assert.Contains(error.Failures, failure => failure.Contains("Quiver:Onnx:Threads is 0", StringComparison.Ordinal));
    }
}
