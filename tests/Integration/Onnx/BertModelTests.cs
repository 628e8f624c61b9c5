namespace Quiver.Tests.Integration.Onnx;

public sealed class BertModelTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task GenerateAsync_TinyBert_AgreesWithAnIndependentComputation()
    {
        using var generator = Generators.Create(options => options.ModelPath = RepositoryRoot.TinyBert);
        var reference = new TinyBertReference(RepositoryRoot.TinyBert);
        string[] texts = ["The quick brown fox jumped over the lazy dog.", "unaffable", "", "café 中文 naïve", "quick!", "zebra 123"];

        var answer = await generator.GenerateAsync(texts, cancellationToken: Token);

        for (var i = 0; i < texts.Length; i++)
        {
            var expected = reference.Embed(generator.Tokenizer.Encode(texts[i]));
            var actual = answer[i].Vector.ToArray();
            for (var column = 0; column < expected.Length; column++)
            {
                Assert.True(Math.Abs(expected[column] - actual[column]) < 1e-5, $"{texts[i]}: {column}: {actual[column]} instead of {expected[column]}");
            }
        }
    }

    [Fact]
    public void Info_ExportWithoutDescriptor_IsReadFromItsConfiguration()
    {
        using var generator = Generators.Create(options => options.ModelPath = RepositoryRoot.TinyBert);

        Assert.Equal(("tiny-bert", 16, 32, 16), (generator.Info.Name, generator.Info.Dimensions, generator.Info.MaxTokens, generator.Info.RecommendedChunkTokens));
    }

    [Fact]
    public async Task GenerateAsync_LongText_IsRefusedOrCutBeforeTheClosingToken()
    {
        var text = string.Join(' ', Enumerable.Repeat("fox", 100));
        using var strict = Generators.Create(options => options.ModelPath = RepositoryRoot.TinyBert);
        using var lenient = Generators.Create(options => (options.ModelPath, options.TruncateLongTexts) = (RepositoryRoot.TinyBert, true));

        var answer = await lenient.GenerateAsync([text, string.Join(' ', Enumerable.Repeat("fox", 30))], cancellationToken: Token);

        await Assert.ThrowsAsync<InvalidDocumentException>(() => strict.GenerateAsync([text], cancellationToken: Token));
        Assert.Equal(answer[1].Vector.ToArray(), answer[0].Vector.ToArray());
    }

    [Fact]
    public void Constructor_ExportWithoutConfiguration_SaysWhatIsMissing()
    {
        var directory = Directory.CreateTempSubdirectory("quiver-bert-").FullName;
        foreach (var file in new[] { "model.onnx", "vocab.txt" })
        {
            File.Copy(Path.Combine(RepositoryRoot.TinyBert, file), Path.Combine(directory, file));
        }

        var error = Assert.Throws<PermanentException>(() => Generators.Create(options => options.ModelPath = directory));

        Assert.Equal(ErrorCodes.ModelUnavailable, error.Code);
        Assert.Contains("config.json", error.Message, StringComparison.Ordinal);
        Directory.Delete(directory, recursive: true);
    }
}
