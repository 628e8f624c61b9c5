using System.Runtime.CompilerServices;
using Quiver.Core.Formats;

namespace Quiver.Core.Sources;

/// <summary>Makes a source's records of the records in one file, wherever the file lies.</summary>
internal sealed class FileItems
{
    /// <summary>The file's id.</summary>
    public required string FileId { get; init; }

    /// <summary>The source's place.</summary>
    public required string Origin { get; init; }

    /// <summary>The file's format, resolved.</summary>
    public required DocumentFormat Format { get; init; }

    /// <summary>How records are read.</summary>
    public required RecordOptions Options { get; init; }

    /// <summary>The cursor at a place in the file, or behind the file for null.</summary>
    public required Func<RecordPosition?, ValueTask<string>> CursorAt { get; init; }

    /// <summary>What an exception of the stream says about the file; null when it is none of the file's and concerns the whole source.</summary>
    public required Func<Exception, RecordFault?> Explain { get; init; }

    /// <summary>The records from a position on, with ordinals from <paramref name="ordinal"/> on.</summary>
    public async IAsyncEnumerable<SourceRecord> ReadAsync(
        Stream stream, RecordPosition from, long ordinal, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var records = RecordReaders.Create(Format, Options).ReadAsync(stream, from, cancellationToken).GetAsyncEnumerator(cancellationToken);

        // A record is held back until it is known whether it is the last one: behind the last one the cursor points behind the file.
        FormatRecord? held = null;
        while (true)
        {
            var (record, failure) = await NextAsync(records);
            if (held is not null)
            {
                var next = await CursorAt(record is null && failure is null ? null : held.Next);
                yield return new(SourceItems.Create(held, FileId, Origin, Format, ordinal), new SourceCursor(ordinal + 1, next));
                ordinal++;
            }

            if (failure is not null)
            {
                yield return await FaultAsync(failure, ordinal);
            }

            if (record is null)
            {
                yield break;
            }

            held = record;
        }
    }

    /// <summary>A fault in the place of the file, or of what was not read of it; it stands for several documents where the file may hold several.</summary>
    public async ValueTask<SourceRecord> FaultAsync(RecordFault fault, long ordinal)
    {
        var whole = FileFormats.IsOneDocument(Format) ? fault : fault with { HidesOthers = true };
        return new(SourceItems.Fault(FileId, Origin, ordinal, whole), new SourceCursor(ordinal + 1, await CursorAt(null)));
    }

    private async Task<(FormatRecord? Record, RecordFault? Failure)> NextAsync(IAsyncEnumerator<FormatRecord> records)
    {
        try
        {
            return (await records.MoveNextAsync() ? records.Current : null, null);
        }
        catch (Exception e) when (Explain(e) is { } fault)
        {
            return (null, fault);
        }
    }
}
