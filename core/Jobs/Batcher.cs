using Quiver.Core.Sources;
using Quiver.GrainInterfaces.Workers;

namespace Quiver.Core.Jobs;

/// <summary>Documents that are processed together.</summary>
/// <param name="Documents">The documents by ordinal, at least one.</param>
/// <param name="Next">The cursor after the last.</param>
internal sealed record Batch(ImmutableArray<Document> Documents, SourceCursor Next);

/// <summary>
/// Groups a stream of records into batches, bounded by documents and by characters of text and fields. A record above the character limit gets
/// a batch of its own. Not thread-safe.
/// </summary>
internal sealed class Batcher(int maxDocuments, int maxCharacters)
{
    private readonly ImmutableArray<Document>.Builder _documents = ImmutableArray.CreateBuilder<Document>();
    private SourceCursor _next = SourceCursor.Start;
    private int _characters;

    /// <summary>Adds a record and returns the batches that it completes: none, one, or two when the record gets a batch of its own.</summary>
    public IEnumerable<Batch> Add(SourceRecord record)
    {
        var size = Measure(record.Item);
        if (_documents.Count > 0 && _characters + (long)size > maxCharacters)
        {
            yield return Take();
        }

        _documents.Add(record.Item);
        _next = record.Next;
        _characters += size;
        if (_documents.Count >= maxDocuments || _characters >= maxCharacters)
        {
            yield return Take();
        }
    }

    /// <summary>Returns the incomplete batch at the end of the source, or null.</summary>
    public Batch? Flush() => _documents.Count > 0 ? Take() : null;

    private static int Measure(Document document)
    {
        var size = document.Text.Length;
        if (!document.Metadata.IsEmpty)
        {
            foreach (var (name, value) in document.Metadata)
            {
                size += name.Length + value.Length;
            }
        }

        return size;
    }

    private Batch Take()
    {
        var batch = new Batch(_documents.ToImmutable(), _next);
        _documents.Clear();
        _characters = 0;
        return batch;
    }
}
