namespace Quiver.Core.Sources;

/// <summary>A stream of documents in a stable order.</summary>
public interface IDocumentSource
{
    /// <summary>The origins that this source's documents carry; what mirroring compares within.</summary>
    ImmutableArray<string> Origins { get; }

    /// <summary>
    /// Reads from a cursor on. Ordinals follow each other without gaps from <see cref="SourceCursor.NextOrdinal"/>. A record that is no
    /// document comes as an item with a fault. The news that a part of the source changed while it was read, and is read again, is an item too
    /// (<see cref="GrainInterfaces.Workers.Document.SourceChanged"/>); only a source that cannot go on at all throws. Memory does not grow with the source.
    /// </summary>
    /// <param name="from">Where to go on.</param>
    /// <param name="cancellationToken">Stops between records.</param>
    /// <exception cref="QuiverException">The source is gone or unreadable.</exception>
    IAsyncEnumerable<SourceRecord> ReadAsync(SourceCursor from, CancellationToken cancellationToken = default);

    /// <summary>The number of records where it is cheap to tell (files whose format has one document each); null otherwise. For display only.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    Task<long?> CountAsync(CancellationToken cancellationToken = default);
}
