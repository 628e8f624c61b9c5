using Quiver.Core.Formats;
using Quiver.GrainInterfaces.Workers;

namespace Quiver.Core.Documents;

/// <summary>Counts the outcomes of a batch. Not thread-safe.</summary>
internal sealed class BatchTally(TimeProvider time)
{
    private readonly List<FailedDocument> _failures = [];

    public JobCounters Counters { get; private set; } = JobCounters.Zero;

    public IReadOnlyList<FailedDocument> Failures => _failures;

    /// <summary>Texts that the model embedded.</summary>
    public int EmbeddedTexts { get; private set; }

    public void Failed(Document document, string code, string reason)
    {
        _failures.Add(new FailedDocument { Ordinal = document.Ordinal, DocumentId = document.Id, Code = code, Reason = reason, At = time.GetUtcNow() });
        var hidesOthers = document is { FaultCode: not null, HidesOthers: true };
        Add(new JobCounters { Documents = 1, Failed = 1, Bytes = document.SourceBytes, Unidentified = hidesOthers ? 1 : 0 });
    }

    public void Unchanged(Document document) => Add(new JobCounters { Documents = 1, Unchanged = 1, Bytes = document.SourceBytes });

    /// <summary>This job stored the document before it was interrupted: it counts as stored.</summary>
    public void StoredBefore(Document document, int chunks, long tokens) =>
        Add(new JobCounters { Documents = 1, Stored = 1, Chunks = chunks, Tokens = tokens, PointsWritten = chunks, Bytes = document.SourceBytes });

    /// <summary>A record replaces an earlier record of the same job and id.</summary>
    public void Overwritten() => Add(new JobCounters { Overwritten = 1 });

    /// <summary>An object of the source changed while it was read.</summary>
    public void SourceChanged() => Add(new JobCounters { SourceChanges = 1 });

    /// <summary>A later record, or a newer writer, replaces the document.</summary>
    public void Superseded(Document document, bool isRepeated = true) =>
        Add(new JobCounters { Documents = 1, Superseded = isRepeated ? 1 : 0, Bytes = document.SourceBytes });

    /// <summary>The chunks of this call are stored, or only counted in a dry run.</summary>
    public void Stored(ChunkedDocument document)
    {
        var done = new JobCounters { Chunks = document.Chunks.Count, Tokens = document.Tokens, UnknownChunks = document.UnknownChunks };
        Add(document.IsLast
            ? done with
            {
                Documents = 1,
                Stored = 1,
                Bytes = document.Document.SourceBytes,
                MalformedFrontMatter = document.Document.Metadata.ContainsKey(RecordConstants.FrontMatterFaultField) ? 1 : 0,
            }
            : done);
    }

    /// <summary>A call of the model succeeded.</summary>
    public void Embedded(int texts, int cacheHits)
    {
        EmbeddedTexts += texts;
        Add(new JobCounters { CacheHits = cacheHits });
    }

    public void Add(JobCounters counters) => Counters = Counters.Add(counters);
}
