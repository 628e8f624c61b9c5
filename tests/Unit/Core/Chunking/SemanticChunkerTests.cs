using System.Text;
using Quiver.Core.Chunking;
using Quiver.GrainInterfaces.Workers;
using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Core.Chunking;

public sealed class SemanticChunkerTests
{
    private static readonly string[] Topics = ["river", "engine", "harvest", "violin"];

    private readonly PieceTokenizer _tokenizer = new();
    private int _embedded;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 30)];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Chunk_ATextOfSeveralTopics_EndsWhereTheTopicChanges()
    {
        var text = string.Join(' ', Enumerable.Range(0, 24).Select(i => $"Sentence {i} speaks of the {Topics[i / 4 % 4]} and of nothing else."));

        var chunks = await CutAsync(text, new(72, 0) { Strategy = ChunkingStrategy.Semantic });

        Assert.All(chunks, chunk => Assert.Single(Topics, topic => chunk.Text.Contains(topic, StringComparison.Ordinal)));
        Assert.True(chunks.Count < 13, $"{chunks.Count} chunks");
    }

    [Fact]
    public async Task Chunk_TextsThatTheModelRefuses_FollowTheStructure()
    {
        var text = string.Join(' ', Enumerable.Range(0, 24).Select(i => $"Sentence {i} speaks of the {Topics[i / 4 % 4]} and of nothing else."));
        var options = new ChunkingOptions(72, 0) { Strategy = ChunkingStrategy.Semantic };
        var chunker = new StructuralChunker(_tokenizer);

        var chunks = await new SemanticChunker(chunker, _tokenizer, 256)
            .ChunkAsync(text, DocumentFormat.Text, options, (texts, _) => Task.FromResult<IReadOnlyList<ReadOnlyMemory<float>>>(new ReadOnlyMemory<float>[texts.Count]), null, Token)
            .ToListAsync(Token);

        Assert.Equal(chunker.Chunk(text, DocumentFormat.Text, options), chunks);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Chunks_OfAnyText_KeepTheContractAndContinueFromAnyCursor(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 6; round++)
        {
            var text = random.Next(2) == 0 ? ChunkerProperties.Text(random) : Prose(random);
            var max = random.Next(8, 120);
            var options = new ChunkingOptions(max, random.Next(0, (max / 2) + 1))
            {
                Strategy = ChunkingStrategy.Semantic,
                Title = "Title",
                EmbedContext = random.Next(2) == 0,
            };
            var format = (DocumentFormat)random.Next((int)DocumentFormat.Text, (int)DocumentFormat.Code + 1);
            _embedded = 0;

            var chunks = await CutAsync(text, options, format);

            var what = $"seed {seed}, round {round}, {format}, {options}";
            Assert.True(ChunkerProperties.Fault(text, chunks, options, _tokenizer) is not { } fault, $"{what}: {ChunkerProperties.Fault(text, chunks, options, _tokenizer)}");
            Assert.True(_embedded <= (text.Length * 1.1) + 2_000, $"{what}: embedded {_embedded} of {text.Length} characters");
            var at = random.Next(chunks.Count + 1);
            var rest = at < chunks.Count ? await CutAsync(text, options, format, chunks[at].Cursor) : [];
            Assert.True(chunks.Skip(at).Select(Show).SequenceEqual(rest.Select(Show)), $"{what}: cut differently from chunk {at} on");
        }
    }

    private static string Show(Chunk chunk) => $"{chunk.Number} {chunk.StartChar}-{chunk.EndChar} {chunk.Tokens} {chunk.EmbeddedText}";

    private static string Prose(Random random)
    {
        var text = new StringBuilder();
        for (var i = random.Next(1, 300); i > 0; i--)
        {
            text.Append("Some words about the ").Append(Topics[random.Next(Topics.Length)]).Append(' ').Append('w', random.Next(1, 40)).Append(random.Next(8) == 0 ? ".\n\n" : ". ");
        }

        return text.ToString();
    }

    private Task<List<Chunk>> CutAsync(string text, ChunkingOptions options, DocumentFormat format = DocumentFormat.Text, ChunkCursor? from = null) =>
        new SemanticChunker(new StructuralChunker(_tokenizer), _tokenizer, 64).ChunkAsync(text, format, options, EmbedAsync, from, Token).ToListAsync(Token).AsTask();

    /// <summary>A direction for each topic.</summary>
    private Task<IReadOnlyList<ReadOnlyMemory<float>>> EmbedAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        _embedded += texts.Sum(text => text.Length);
        Assert.All(texts, text => Assert.InRange(_tokenizer.CountTokens(text), 0, 64));
        return Task.FromResult<IReadOnlyList<ReadOnlyMemory<float>>>([.. texts.Select(Vector)]);
    }

    private static ReadOnlyMemory<float> Vector(string text)
    {
        var vector = new float[Topics.Length + 1];
        vector[Array.FindIndex(Topics, topic => text.Contains(topic, StringComparison.Ordinal)) is >= 0 and var topic ? topic : Topics.Length] = 1;
        return vector;
    }
}
