using Quiver.GrainInterfaces.Workers;

namespace Quiver.Core.Sources;

/// <summary>A stream of documents in a stable order.</summary>
public interface IDocumentSource
{
    /// <summary>The origins that this source's documents carry; mirroring compares within them.</summary>
    ImmutableArray<string> Origins { get; }

    /// <summary>
    /// Reads from a cursor. Ordinals are consecutive from <see cref="SourceCursor.NextOrdinal"/>. A record that is no document is returned as a
    /// document with a fault. A document also reports when a part of the source changed while it was read, and is read again
    /// (<see cref="GrainInterfaces.Workers.Document.SourceChanged"/>). Only a source that cannot continue at all throws.
    /// Memory does not grow with the source.
    /// </summary>
    /// <param name="from">Where to resume.</param>
    /// <param name="cancellationToken">Stops between records.</param>
    /// <exception cref="QuiverException">The source is gone or unreadable.</exception>
    IAsyncEnumerable<SourceRecord> ReadAsync(SourceCursor from, CancellationToken cancellationToken = default);

    /// <summary>
    /// The exact number of records where it is cheap to count (files whose format has one document each); null otherwise, never an estimate: a job that
    /// reads another number ends with a warning, and the limit of failures is checked against it.
    /// </summary>
    /// <param name="cancellationToken">Stops counting.</param>
    Task<long?> CountAsync(CancellationToken cancellationToken = default);
}

/// <summary>A record of a source with the cursor after it.</summary>
/// <param name="Item">The document, or the fault.</param>
/// <param name="Next">The cursor after the record.</param>
public readonly record struct SourceRecord(Document Item, SourceCursor Next);

/// <summary>A position in a source, from which reading resumes: everything before it was yielded.</summary>
/// <param name="NextOrdinal">The ordinal of the next record.</param>
/// <param name="Position">The source's own notation of the position, opaque to everything else; at most 8,192 characters.</param>
public sealed record SourceCursor(long NextOrdinal, string Position)
{
    /// <summary>The beginning.</summary>
    public static SourceCursor Start { get; } = new(0, "");
}
