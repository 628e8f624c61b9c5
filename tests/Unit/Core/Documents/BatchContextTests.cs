using Quiver.Core.Chunking;
using Quiver.Core.Documents;
using Quiver.Core.Embedding;
using Quiver.Core.Formats;
using Quiver.GrainInterfaces.Workers;
using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Core.Documents;

/// <summary>Title, headings and what is embedded of them; texts that the model does not know.</summary>
public sealed class BatchContextTests
{
    private readonly BatchRig _rig = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Batch_WithContext_EmbedsItAndStoresTextTitleAndHeadingsApart()
    {
        var words = string.Join(' ', Enumerable.Range(0, 60).Select(i => $"word{i}"));
        var document = Markdown($"# Guide\n\n## Linux\n\n{words}\n");

        await ProcessAsync(document, embedContext: true);

        var points = _rig.Stored();
        Assert.True(points.Count > 1);
        var last = points[^1];
        Assert.Equal(("Guide", "Guide,Linux"), (last.Payload.Title, string.Join(',', last.Payload.Headings)));
        Assert.Equal(document.Text[last.Payload.StartChar..last.Payload.EndChar], last.Payload.Text);
        Assert.Equal(HashModel.Embed($"Guide > Linux\n{last.Payload.Text}"), last.Vector.ToArray());
        Assert.Equal(HashModel.Embed(points[0].Payload.Text), points[0].Vector.ToArray());
    }

    [Fact]
    public async Task Batch_WithoutContext_EmbedsTheTextAloneAndStoresTheRestAllTheSame()
    {
        var words = string.Join(' ', Enumerable.Range(0, 60).Select(i => $"word{i}"));

        await ProcessAsync(Markdown($"# Guide\n\n{words}\n"), embedContext: false);

        Assert.All(_rig.Stored(), point => Assert.Equal(HashModel.Embed(point.Payload.Text), point.Vector.ToArray()));
        Assert.All(_rig.Stored(), point => Assert.Equal("Guide", point.Payload.Title));
    }

    [Fact]
    public async Task Batch_AfterTheCollectionsSettingChanged_StoresUnchangedDocumentsAgain()
    {
        var document = Markdown("# Guide\n\nSome text.\n");
        await ProcessAsync(document, embedContext: false);

        var same = await ProcessAsync(document, embedContext: false, generation: 2);
        var changed = await ProcessAsync(document, embedContext: true, generation: 3);

        Assert.Equal((1, 0), (same.Unchanged, same.Stored));
        Assert.Equal((0, 1), (changed.Unchanged, changed.Stored));
    }

    [Fact]
    public async Task Batch_DocumentWithATitleField_KeepsItOutOfTheMetadata()
    {
        var document = DocumentSamples.Item(0, "a", "text") with { Metadata = Fields(("title", "Of the field"), ("kind", "x")) };

        await _rig.ProcessAsync(document);

        var payload = Assert.Single(_rig.Stored()).Payload;
        Assert.Equal(("Of the field", "kind"), (payload.Title, string.Join(',', payload.Metadata.Keys)));
    }

    [Theory]
    [InlineData("docs/guide.md", DocumentFormat.Markdown, "Text.\n\n## First\n\n# Second", null, "First")]
    [InlineData("docs/guide.md", DocumentFormat.Markdown, "# First", "Field", "Field")]
    [InlineData("docs/guide.md", DocumentFormat.Markdown, "No heading", null, "guide.md")]
    [InlineData("src/a.cs", DocumentFormat.Code, "# not a heading", null, "src/a.cs")]
    [InlineData("logs/a.txt", DocumentFormat.Text, "# not a heading", " ", "a.txt")]
    [InlineData("data.jsonl", DocumentFormat.Text, "text", null, null)]
    public void Title_OfADocument_IsTheFirstOfFieldHeadingAndName(string path, DocumentFormat format, string text, string? field, string? expected)
    {
        var id = path == "data.jsonl" ? "data.jsonl#3" : path;
        var metadata = field is null ? Fields(("path", path)) : Fields(("path", path), ("title", field));

        Assert.Equal(expected, DocumentTitle.Of(DocumentSamples.Item(0, id, text) with { Format = format, Metadata = metadata }));
    }

    [Fact]
    public async Task Batch_FrontMatterFault_IsCountedOnceForTheDocument()
    {
        var document = DocumentSamples.Item(0, "a", "one\ntwo") with { Metadata = Fields((RecordConstants.FrontMatterFaultField, "line 2: not valid YAML")) };

        Assert.Equal(1, (await _rig.ProcessAsync(document, DocumentSamples.Item(1, "b"))).MalformedFrontMatter);
    }

    [Fact]
    public async Task Batch_ChunksOfAnUnknownScript_AreStoredAndCounted()
    {
        var counters = await ProcessAsync(
            DocumentSamples.Item(0, "a", "known text\nнеизвестный текст\nknown текст more") with { Format = DocumentFormat.Text },
            embedContext: false,
            chunker: new LineChunker());

        Assert.Equal((3, 1), (counters.Chunks, counters.UnknownChunks));
        Assert.Equal(3, _rig.Stored().Count);
    }

    private static ImmutableDictionary<string, string> Fields(params (string Name, string Value)[] fields) =>
        fields.ToImmutableDictionary(field => field.Name, field => field.Value);

    private static Document Markdown(string text) => DocumentSamples.Item(0, "guide.md", text) with { Format = DocumentFormat.Markdown };

    private async Task<JobCounters> ProcessAsync(Document document, bool embedContext, long generation = 1, IChunker? chunker = null)
    {
        var model = new LatinModel(_rig.Model);
        var processor = _rig.CreateProcessor(model, chunker ?? new StructuralChunker(model.Tokenizer));
        var request = _rig.Request([document], generation: generation) with { MaxTokens = 40, EmbedContext = embedContext };
        return (await processor.ProcessAsync(request, Token)).Counters;
    }

    /// <summary>The rig's model with a tokenizer of pieces that knows no Cyrillic.</summary>
    private sealed class LatinModel(HashModel inner) : IEmbeddingModel
    {
        public EmbeddingModelInfo Info => inner.Info;

        public ITokenizer Tokenizer { get; } = new LatinTokenizer();

        public Microsoft.Extensions.AI.IEmbeddingGenerator<string, Microsoft.Extensions.AI.Embedding<float>> Generator => inner.Generator;
    }

    private sealed class LatinTokenizer : ITokenizer
    {
        private readonly PieceTokenizer _pieces = new();

        public int CountTokens(ReadOnlySpan<char> text) => _pieces.CountTokens(text);

        public int CountUnknown(ReadOnlySpan<char> text)
        {
            var unknown = 0;
            foreach (var word in text.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                unknown += word.Any(character => character >= '\u0400') ? _pieces.CountTokens(word) - _pieces.CountTokens("") : 0;
            }

            return unknown;
        }

        public int IndexOfTokenLimit(ReadOnlySpan<char> text, int maxTokens, out int tokens) => _pieces.IndexOfTokenLimit(text, maxTokens, out tokens);

        public int[] Encode(ReadOnlySpan<char> text) => _pieces.Encode(text);
    }
}
