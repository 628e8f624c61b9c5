using Quiver.Core.Chunking;
using Quiver.GrainInterfaces.Workers;

namespace Quiver.Tests.Support;

/// <summary>A chunk for each line that is not blank.</summary>
internal sealed class LineChunker : IChunker
{
    public IEnumerable<Chunk> Chunk(string text, DocumentFormat format, ChunkingOptions options, ChunkCursor? from = null)
    {
        var tokenizer = new WordTokenizer();
        var place = from ?? ChunkCursor.Start;
        var (start, line, number) = (place.Covered, place.LastLine, place.Number);
        foreach (var part in text[start..].Split('\n'))
        {
            if (!string.IsNullOrWhiteSpace(part))
            {
                var at = new ChunkCursor { Number = number, Covered = start, LastLine = line };
                yield return new Chunk(number++, part, start, start + part.Length, line, line, tokenizer.CountTokens(part), at);
            }

            start += part.Length + 1;
            line++;
        }
    }
}
