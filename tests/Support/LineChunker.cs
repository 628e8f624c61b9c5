using Quiver.Pipeline.Chunking;

namespace Quiver.Tests.Support;

/// <summary>A chunk for each line that is not blank.</summary>
internal sealed class LineChunker : IChunker
{
    public IEnumerable<Chunk> Chunk(string text, DocumentFormat format, ChunkingOptions options)
    {
        var tokenizer = new WordTokenizer();
        var (start, line, number) = (0, 1, 0);
        foreach (var part in text.Split('\n'))
        {
            if (!string.IsNullOrWhiteSpace(part))
            {
                yield return new Chunk(number++, part, start, start + part.Length, line, line, tokenizer.CountTokens(part));
            }

            start += part.Length + 1;
            line++;
        }
    }
}
