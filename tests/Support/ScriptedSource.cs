using System.Runtime.CompilerServices;
using Quiver.Core.Sources;

namespace Quiver.Tests.Support;

/// <summary>A source of given records that fails or waits where a test says.</summary>
internal sealed class ScriptedSource(IReadOnlyList<SourceRecord> records) : IDocumentSource
{
    public ScriptedSource(int count)
        : this([.. Enumerable.Range(0, count).Select(ordinal => DocumentSamples.Record(ordinal))])
    {
    }

    public ImmutableArray<string> Origins { get; } = [DocumentSamples.Origin];

    /// <summary>Thrown in place of the record of this ordinal.</summary>
    public (long Ordinal, Exception Error)? Fault { get; set; }

    /// <summary>Each thrown once, in this order, in place of the record of its ordinal.</summary>
    public Queue<(long Ordinal, Exception Error)> PassingFaults { get; } = new();

    /// <summary>Waited for before the record of this ordinal.</summary>
    public (long Ordinal, Task Gate)? Wait { get; set; }

    /// <summary>Whether it waits on when it is cancelled.</summary>
    public bool IsDeaf { get; init; }

    /// <summary>How often reading was begun.</summary>
    public int Begun { get; private set; }

    /// <summary>Records yielded.</summary>
    public int Read { get; private set; }

    public async IAsyncEnumerable<SourceRecord> ReadAsync(SourceCursor from, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        Begun++;
        for (var ordinal = from.NextOrdinal; ordinal <= records.Count; ordinal++)
        {
            if (Wait is { } wait && wait.Ordinal == ordinal)
            {
                await wait.Gate.WaitAsync(IsDeaf ? CancellationToken.None : cancellationToken);
            }

            if (Fault is { } fault && fault.Ordinal == ordinal)
            {
                throw fault.Error;
            }

            if (PassingFaults.TryPeek(out var passing) && passing.Ordinal == ordinal)
            {
                throw PassingFaults.Dequeue().Error;
            }

            cancellationToken.ThrowIfCancellationRequested();
            if (ordinal < records.Count)
            {
                Read++;
                yield return records[(int)ordinal];
            }
        }
    }

    public Task<long?> CountAsync(CancellationToken cancellationToken = default) => Task.FromResult<long?>(records.Count);
}
