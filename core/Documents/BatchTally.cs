using Quiver.GrainInterfaces.Workers;

namespace Quiver.Core.Documents;

/// <summary>Adds up what happened to a batch. Not thread-safe.</summary>
internal sealed class BatchTally(TimeProvider time)
{
    private readonly List<FailedDocument> _failures = [];

    public JobCounters Counters { get; private set; } = JobCounters.Zero;

    public IReadOnlyList<FailedDocument> Failures => _failures;

    /// <summary>Texts that went through the model.</summary>
    public int EmbeddedTexts { get; private set; }

    public void Failed(DocumentItem item, string code, string reason)
    {
        _failures.Add(new FailedDocument { Ordinal = item.Ordinal, DocumentId = item.Id, Code = code, Reason = reason, At = time.GetUtcNow() });
        Add(new JobCounters { Documents = 1, Failed = 1, Bytes = item.SourceBytes, Unidentified = item is { FaultCode: not null, HidesOthers: true } ? 1 : 0 });
    }

    public void Unchanged(DocumentItem item) => Add(new JobCounters { Documents = 1, Unchanged = 1, Bytes = item.SourceBytes });

    /// <summary>This job stored the document before it was interrupted: its work counts, whoever saw it finish.</summary>
    public void StoredBefore(DocumentItem item, int chunks, long tokens) =>
        Add(new JobCounters { Documents = 1, Stored = 1, Chunks = chunks, Tokens = tokens, PointsWritten = chunks, Bytes = item.SourceBytes });

    /// <summary>A record replaces what an earlier record of the same job and id had stored.</summary>
    public void Overwritten() => Add(new JobCounters { Overwritten = 1 });

    /// <summary>An object of the source changed while it was read.</summary>
    public void SourceChanged() => Add(new JobCounters { SourceChanges = 1 });

    /// <summary>A record that a later one of the batch replaces.</summary>
    public void Superseded(DocumentItem item, bool isRepeated = true) => Add(new JobCounters { Documents = 1, Superseded = isRepeated ? 1 : 0, Bytes = item.SourceBytes });

    /// <summary>A call's part of a document is stored, or only counted in a dry run.</summary>
    public void Stored(PreparedDocument document)
    {
        var done = new JobCounters { Chunks = document.Chunks.Count, Tokens = document.Chunks.Sum(chunk => (long)chunk.Tokens) };
        Add(document.IsLast ? done with { Documents = 1, Stored = 1, Bytes = document.Item.SourceBytes } : done);
    }

    /// <summary>A call of the model ended well.</summary>
    public void Embedded(int texts, int cacheHits)
    {
        EmbeddedTexts += texts;
        Add(new JobCounters { CacheHits = cacheHits });
    }

    public void Add(JobCounters counters) => Counters = Counters.Add(counters);
}
