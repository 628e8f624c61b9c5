using System.Runtime.CompilerServices;
using Quiver.Core.Embedding;
using Quiver.GrainInterfaces.Workers;

namespace Quiver.Core.Chunking;

/// <summary>
/// Cuts where the meaning of a text turns, within the same limits as <see cref="StructuralChunker"/>: sentences are embedded, and a chunk ends
/// where two neighbours part most. Where no turn leaves a chunk well filled, the structure decides. Sentences are embedded in blocks as the
/// chunks need them, and a turn depends on its block alone: a run that resumes finds the same ones.
/// </summary>
/// <param name="chunker">Makes the chunks.</param>
/// <param name="tokenizer">The model's tokenizer.</param>
/// <param name="maxTokens">The maximum number of tokens that the model takes; a longer sentence is embedded up to there.</param>
internal sealed class SemanticChunker(IChunker chunker, ITokenizer tokenizer, int maxTokens)
{
    /// <summary>The chunks in order; see <see cref="IChunker.Chunk"/>.</summary>
    /// <param name="text">The document.</param>
    /// <param name="format">Its format.</param>
    /// <param name="options">How to cut.</param>
    /// <param name="embed">Embeds texts: for each its vector, L2-normalised, or an empty one where the model refuses it.</param>
    /// <param name="from">See <see cref="IChunker.Chunk"/>.</param>
    /// <param name="cancellationToken">Stops the requests.</param>
    public async IAsyncEnumerable<Chunk> ChunkAsync(
        string text,
        DocumentFormat format,
        ChunkingOptions options,
        Func<IReadOnlyList<string>, CancellationToken, Task<IReadOnlyList<ReadOnlyMemory<float>>>> embed,
        ChunkCursor? from = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var turns = new TextTurns();
        var sentences = new SentenceReader(text, format, options.TextStart, Fit);

        // Farther than any chunk looks ahead.
        var reach = (options.MaxTokens + options.OverlapTokens) * ChunkFitter.MaxCharactersPerToken;
        await ReadFromAsync(from?.Covered ?? options.TextStart);
        foreach (var chunk in chunker.Chunk(text, format, options with { Turns = turns }, from))
        {
            yield return chunk;
            await ReadFromAsync(chunk.EndChar);
        }

        async Task ReadFromAsync(int covered)
        {
            // The next chunk begins behind white space, however much there is.
            var behind = text.Length - text.AsSpan(covered).TrimStart().Length;
            while (sentences.Next(behind, behind + reach) is { } block)
            {
                turns.Add(block.Positions, await embed(block.Texts, cancellationToken));
            }
        }
    }

    private string Fit(string sentence) => tokenizer.CountTokens(sentence) <= maxTokens
        ? sentence
        : sentence[..tokenizer.IndexOfTokenLimit(sentence, maxTokens, out _)];
}
