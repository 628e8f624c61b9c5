using Quiver.Adapters.Embeddings.Onnx;
using Quiver.Core.Embedding;
using Quiver.Tests.Support;
using Quiver.Tests.Support.Models;

namespace Quiver.Tests.Integration.Embeddings.Onnx;

public sealed class BertModelTests : IDisposable
{
    private const string Cls = """{"pooling_mode_cls_token": true, "pooling_mode_mean_tokens": false}""";
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task GenerateAsync_TinyBert_AgreesWithAnIndependentComputation(bool first)
    {
        using var generator = Create(first ? ("1_Pooling/config.json", Cls) : ("unused.json", "{}"));
        var reference = new TinyBertReference();
        string[] texts = ["The quick brown fox jumped over the lazy dog.", "unaffable", "", "café 中文 naïve", "quick!", "zebra 123"];

        var answer = await generator.GenerateAsync(texts, cancellationToken: Token);

        for (var i = 0; i < texts.Length; i++)
        {
            var expected = reference.Embed(generator.Tokenizer.Encode(texts[i]), first);
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
        using var generator = Generators.Create(options => options.ModelPath = TinyBert.Path);

        Assert.Equal(("tiny-bert", 16, 32, 16), (generator.Info.Name, generator.Info.Dimensions, generator.Info.MaxTokens, generator.Info.RecommendedChunkTokens));
        Assert.Null(generator.Info.QueryRevision);
    }

    [Fact]
    public async Task GenerateAsync_LongText_IsRefusedOrCutBeforeTheClosingToken()
    {
        var text = string.Join(' ', Enumerable.Repeat("fox", 100));
        using var strict = Generators.Create(options => options.ModelPath = TinyBert.Path);
        using var lenient = Generators.Create(options => (options.ModelPath, options.TruncateLongTexts) = (TinyBert.Path, true));

        var answer = await lenient.GenerateAsync([text, string.Join(' ', Enumerable.Repeat("fox", 30))], cancellationToken: Token);

        await Assert.ThrowsAsync<InvalidDocumentException>(() => strict.GenerateAsync([text], cancellationToken: Token));
        Assert.Equal(answer[1].Vector.ToArray(), answer[0].Vector.ToArray());
    }

    [Fact]
    public async Task GenerateAsync_Prompts_StandBeforeQueriesAndDocuments()
    {
        using var plain = Generators.Create(options => options.ModelPath = TinyBert.Path);
        using var prompted = Create(("config_sentence_transformers.json", """{"prompts": {"query": "the quick ", "passage": "over, "}}"""));

        var expected = await plain.GenerateAsync(["the quick fox", "over, fox"], cancellationToken: Token);
        var query = await prompted.GenerateAsync(["fox"], new EmbeddingCallContext(TenantId.Parse("t")) { IsQuery = true }.ToOptions(), Token);
        var document = await prompted.GenerateAsync(["fox"], cancellationToken: Token);

        Assert.Equal(expected[0].Vector.ToArray(), query[0].Vector.ToArray());
        Assert.Equal(expected[1].Vector.ToArray(), document[0].Vector.ToArray());
        Assert.Equal(5, query.Usage?.InputTokenCount);
    }

    [Fact]
    public async Task GenerateAsync_TextAtTheLimit_FitsWithEitherPrompt()
    {
        using var generator = Create(("config_sentence_transformers.json", """{"prompts": {"query": "the quick brown ", "document": "over "}}"""));
        var text = string.Join(' ', Enumerable.Repeat("fox", generator.Info.MaxTokens - 2));

        Assert.Equal(TinyBert.Positions - 3, generator.Info.MaxTokens);
        Assert.Equal(generator.Info.MaxTokens, generator.Tokenizer.CountTokens(text));
        Assert.Equal(TinyBert.Positions, (await generator.GenerateAsync([text], new EmbeddingCallContext(TenantId.Parse("t")) { IsQuery = true }.ToOptions(), Token)).Usage?.InputTokenCount);
        Assert.Single(await generator.GenerateAsync([text], cancellationToken: Token));
    }

    [Fact]
    public void Info_DefaultPrompt_IsForBothKinds()
    {
        using var generator = Create(("config_sentence_transformers.json", """{"prompts": {"any": "fox "}, "default_prompt_name": "any"}"""));

        Assert.Null(generator.Info.QueryRevision);
        Assert.Equal(TinyBert.Positions - 1, generator.Info.MaxTokens);
    }

    [Fact]
    public void Info_WhatChangesDocuments_ChangesTheRevision_AndWhatChangesQueriesOnlyTheirs()
    {
        using var plain = Create();
        using var cls = Create(("1_Pooling/config.json", Cls));
        using var query = Create(("config_sentence_transformers.json", """{"prompts": {"query": "fox "}}"""));
        using var otherQuery = Create(("config_sentence_transformers.json", """{"prompts": {"query": "dog "}}"""));
        using var document = Create(("config_sentence_transformers.json", """{"prompts": {"query": "fox ", "document": "dog "}}"""));

        Assert.Equal(3, new[] { plain, cls, document }.Select(static generator => generator.Info.Revision).Distinct().Count());
        Assert.All([query, otherQuery], generator => Assert.Equal(plain.Info.Revision, generator.Info.Revision));
        Assert.Equal(3, new[] { plain, query, otherQuery }.Select(static generator => generator.Info.QueryRevision).Distinct().Count());
    }

    [Theory]
    [InlineData("1_Pooling/config.json", """{"pooling_mode_max_tokens": true}""", "pooling_mode_max_tokens")]
    [InlineData("1_Pooling/config.json", """{"pooling_mode_cls_token": true, "pooling_mode_mean_tokens": true}""", "supports one of")]
    [InlineData("config_sentence_transformers.json", """{"prompts": {"query": "the the the the the the the the the the the the the the the the the the the the the the the the the the the"}}""", "prompts take 27")]
    [InlineData("model.json", """{"kind": "use-lite", "name": "use-lite", "revision": "1", "dimensions": 512, "maxTokens": 128, "recommendedChunkTokens": 64, "vocabularySize": 8000}""", "does not support")]
    [InlineData("model.json", """{"kind": "bert", "name": "x", "revision": "1", "dimensions": 16, "maxTokens": 32, "recommendedChunkTokens": 16, "vocabularySize": 34, "pooling": "max"}""", "'max'")]
    public void Constructor_WhatQuiverCannotDo_IsRefusedInASentence(string file, string content, string expected)
    {
        var error = Assert.Throws<PermanentException>(() => Create((file, content)));

        Assert.Equal(ErrorCodes.ModelUnavailable, error.Code);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_PromptLeftOutOfPooling_IsRefused()
    {
        var error = Assert.Throws<PermanentException>(() => Create(
            ("1_Pooling/config.json", """{"pooling_mode_mean_tokens": true, "include_prompt": false}"""), ("config_sentence_transformers.json", """{"prompts": {"query": "fox "}}""")));

        Assert.Contains("include_prompt", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_ExportWithoutConfiguration_SaysWhatIsMissing()
    {
        var directory = TinyBert.CopyTo(_folder.At("bare"));
        File.Delete(Path.Combine(directory, "config.json"));

        var error = Assert.Throws<PermanentException>(() => Generators.Create(options => options.ModelPath = directory));

        Assert.Equal(ErrorCodes.ModelUnavailable, error.Code);
        Assert.Contains("config.json", error.Message, StringComparison.Ordinal);
    }

    private OnnxEmbeddingGenerator Create(params (string Name, string Content)[] files)
    {
        var directory = TinyBert.CopyTo(_folder.At($"model{Directory.GetDirectories(_folder.Path).Length}"));
        foreach (var (name, content) in files)
        {
            var path = Path.Combine(directory, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, content);
        }

        return Generators.Create(options => options.ModelPath = directory);
    }
}
