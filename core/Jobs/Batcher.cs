using Quiver.Core.Sources;
using Quiver.GrainInterfaces.Workers;

namespace Quiver.Core.Jobs;

/// <summary>Documents that travel together.</summary>
/// <param name="Items">By ordinal, at least one.</param>
/// <param name="Next">The cursor behind the last.</param>
internal sealed record SourceBatch(ImmutableArray<DocumentItem> Items, SourceCursor Next);

/// <summary>Cuts a stream of records into batches, bounded by documents and by characters of text and fields; a record above the bound travels alone. Not thread-safe.</summary>
internal sealed class Batcher(int maxDocuments, int maxCharacters)
{
    private readonly ImmutableArray<DocumentItem>.Builder _items = ImmutableArray.CreateBuilder<DocumentItem>();
    private SourceCursor _next = SourceCursor.Start;
    private int _characters;

    /// <summary>Takes a record and gives the batches that are complete because of it: none, one, or two when the record travels alone.</summary>
    public IEnumerable<SourceBatch> Add(SourceRecord record)
    {
        var size = Measure(record.Item);
        if (_items.Count > 0 && _characters + (long)size > maxCharacters)
        {
            yield return Take();
        }

        _items.Add(record.Item);
        _next = record.Next;
        _characters += size;
        if (_items.Count >= maxDocuments || _characters >= maxCharacters)
        {
            yield return Take();
        }
    }

    /// <summary>What is left at the end of the source, or null.</summary>
    public SourceBatch? Flush() => _items.Count > 0 ? Take() : null;

    private static int Measure(DocumentItem item)
    {
        var size = item.Text.Length;
        if (!item.Metadata.IsEmpty)
        {
            foreach (var (name, value) in item.Metadata)
            {
                size += name.Length + value.Length;
            }
        }

        return size;
    }

    private SourceBatch Take()
    {
        var batch = new SourceBatch(_items.ToImmutable(), _next);
        _items.Clear();
        _characters = 0;
        return batch;
    }
}
