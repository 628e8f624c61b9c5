using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;
using Quiver.Adapters.Embeddings.Onnx;
using Quiver.Adapters.Vectors.Embedded;
using Quiver.Core.Chunking;
using Quiver.Core.Embedding;
using Quiver.Core.Search;
using Quiver.Core.Vectors;
using Quiver.Tests.Integration.Embeddings.Onnx;
using Quiver.Tests.Support;
using Quiver.Tests.Unit.Architecture;

namespace Quiver.Tests.Integration.Search;

/// <summary>
/// Questions about Quiver's own documentation, each with the document and the heading under which its answer is (questions.tsv): cut, embedded with
/// the default model, stored in the embedded index and searched, as a job and a search do it.
/// </summary>
public sealed class OwnDocumentsTests : IAsyncLifetime
{
    private const string Physical = "own_documents";
    private const int Depth = 3;

    private static readonly CollectionKey Scope = CollectionKey.Parse("default/docs");

    private readonly TemporaryFolder _folder = new();
    private readonly OnnxEmbeddingGenerator _generator = Generators.Create();
    private FlatIndexStore _store = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _store = new(Options.Create(new FlatIndexOptions { Directory = _folder.Path }));
        await _store.EnsureCollectionAsync(Physical, _generator.Info.Dimensions, Token);
        foreach (var path in Documents())
        {
            await StoreAsync(path);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _generator.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Questions_AboutTheDocumentation_AreAnsweredAmongTheFirstHits()
    {
        var questions = Questions();
        var hybrid = await CountAsync(questions, SearchMode.Hybrid);
        var dense = await CountAsync(questions, SearchMode.Dense);
        var lexical = await CountAsync(questions, SearchMode.Lexical);

        TestContext.Current.TestOutputHelper?.WriteLine($"hits@{Depth} of {questions.Count}: hybrid {hybrid.Count}, dense {dense.Count}, lexical {lexical.Count}");
        Assert.True(hybrid.Count >= 24, $"Answered {hybrid.Count}; missed: {string.Join("; ", questions.Except(hybrid).Select(question => question.Text))}");
        Assert.True(hybrid.Count >= Math.Max(dense.Count, lexical.Count) - 1, $"Hybrid {hybrid.Count}, dense {dense.Count}, lexical {lexical.Count}.");
    }

    [Fact]
    public void Questions_NameHeadingsThatExist() => Assert.All(Questions(), question => Assert.True(question.Lines().End > 0));

    private async Task<List<Question>> CountAsync(List<Question> questions, SearchMode mode)
    {
        var search = new CollectionSearch(EmbeddingModelCatalog.Of(new BareModel(_generator)), _store);
        var binding = new CollectionBinding { Key = Scope, PhysicalCollection = Physical, Model = _generator.Info.Id, Dimensions = _generator.Info.Dimensions };
        List<Question> answered = [];
        foreach (var question in questions)
        {
            var result = await search.SearchAsync(binding, new() { Query = question.Text, Limit = Depth, Mode = mode }, Token);
            Assert.Equal(mode, result.Mode);
            var (start, end) = question.Lines();
            if (result.Hits.Any(hit => hit.DocumentId == question.Document && hit.StartLine < end && hit.EndLine >= start))
            {
                answered.Add(question);
            }
        }

        return answered;
    }

    private async Task StoreAsync(string path)
    {
        var text = string.Join('\n', SourceTree.Lines(path));
        var chunks = new StructuralChunker(_generator.Tokenizer).Chunk(text, DocumentFormat.Markdown, new(_generator.Info.RecommendedChunkTokens, 0));
        foreach (var batch in chunks.Chunk(VectorStoreValidator.MaxPoints))
        {
            var vectors = await _generator.GenerateAsync(batch.Select(static chunk => chunk.Text), cancellationToken: Token);
            var points = batch.Select((chunk, i) => new VectorPoint(PointId.Create(Scope, path, chunk.Number), vectors[i].Vector, new()
            {
                Scope = Scope,
                DocumentId = path,
                Chunk = chunk.Number,
                Text = chunk.Text,
                StartChar = chunk.StartChar,
                EndChar = chunk.EndChar,
                StartLine = chunk.StartLine,
                EndLine = chunk.EndLine,
                Generation = 1,
                Epoch = 1,
                IndexedAt = DateTimeOffset.UnixEpoch,
            }));
            await _store.UpsertAsync(new(Physical, Scope), [.. points], Token);
        }
    }

    private static IEnumerable<string> Documents() => SourceTree.Texts("*.md").Where(static path => path.StartsWith("docs/", StringComparison.Ordinal) || !path.Contains('/', StringComparison.Ordinal));

    private static List<Question> Questions([CallerFilePath] string here = "") =>
        [.. File.ReadLines(Path.Combine(Path.GetDirectoryName(here)!, "questions.tsv")).Select(static line => line.Split('\t')).Select(static parts => new Question(parts[0], parts[1], parts[2]))];

    private sealed class BareModel(OnnxEmbeddingGenerator generator) : IEmbeddingModel
    {
        public EmbeddingModelInfo Info => generator.Info;

        public ITokenizer Tokenizer => generator.Tokenizer;

        public IEmbeddingGenerator<string, Embedding<float>> Generator => generator;
    }

    private sealed record Question(string Text, string Document, string Heading)
    {
        /// <summary>The lines below the heading, 1-based, up to the next one.</summary>
        public (int Start, int End) Lines()
        {
            var lines = SourceTree.Lines(Document);
            var start = lines.ToList().FindIndex(line => line.StartsWith('#') && line.TrimStart('#').Trim() == Heading);
            Assert.True(start >= 0, $"{Document} has no heading '{Heading}': correct questions.tsv.");
            var fenced = false;
            var next = lines.Skip(start + 1).TakeWhile(line =>
            {
                fenced ^= line.StartsWith("```", StringComparison.Ordinal);
                return fenced || !line.StartsWith('#');
            }).Count();
            return (start + 1, start + 2 + next);
        }
    }
}
