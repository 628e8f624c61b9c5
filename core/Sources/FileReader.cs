using System.Globalization;
using System.Runtime.CompilerServices;
using Quiver.Core.Formats;
using Quiver.GrainInterfaces.Workers;

namespace Quiver.Core.Sources;

/// <summary>Reads the records of one file as records of a source, whatever stores the file.</summary>
/// <param name="formats">The formats.</param>
/// <param name="requested">The requested format.</param>
/// <param name="fileName">The name that identifies the format.</param>
/// <param name="options">How records are read.</param>
internal sealed class FileReader(FormatRegistry formats, DocumentFormat requested, string fileName, RecordOptions options)
{
    /// <summary>The file's id.</summary>
    public required string FileId { get; init; }

    /// <summary>The origin of its documents.</summary>
    public required string Origin { get; init; }

    /// <summary>Opens the file at an offset. The reader disposes the stream when reading ends.</summary>
    public required Func<long, CancellationToken, ValueTask<Stream>> OpenAt { get; init; }

    /// <summary>The source's cursor at a position in the file, or after the file for null.</summary>
    public required Func<RecordCursor?, ValueTask<string>> CursorAt { get; init; }

    /// <summary>The fault that an exception of the stream means for this file; null for an exception that concerns the whole source.</summary>
    public required Func<Exception, RecordFault?> Explain { get; init; }

    /// <summary>The file's format; the one of its name until its content was seen.</summary>
    public RecordFormat Format { get; private set; } = formats.Resolve(requested, fileName);

    /// <summary>The records from a cursor, with ordinals from <paramref name="ordinal"/>.</summary>
    public async IAsyncEnumerable<SourceRecord> ReadAsync(RecordCursor from, long ordinal, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var file = new OpenedStream(OpenAt);
        await using var records = RecordsAsync(file, from, cancellationToken).GetAsyncEnumerator(cancellationToken);

        // A record is held back until the reader knows whether it is the last one: the cursor after the last one is after the file.
        Record? held = null;
        while (true)
        {
            var (record, failure) = await NextAsync(records);
            if (held is not null)
            {
                var next = await CursorAt(record is null && failure is null ? null : held.Next);
                yield return new(Document(held, ordinal), new SourceCursor(ordinal + 1, next));
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

    /// <summary>A fault for the file, or for the part that was not read. It hides other documents where the file may hold several.</summary>
    public async ValueTask<SourceRecord> FaultAsync(RecordFault fault, long ordinal) =>
        new(Fault(Format.IsOneDocument ? fault : fault with { HidesOthers = true }, ordinal, 0), new SourceCursor(ordinal + 1, await CursorAt(null)));

    /// <summary>The item that reports that the file changed while it was read.</summary>
    public Document Change(long ordinal) => new() { Ordinal = ordinal, Id = ShortId(), Origin = Origin, SourceChanged = true };

    private async IAsyncEnumerable<Record> RecordsAsync(OpenedStream file, RecordCursor from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (formats.NeedsContent(requested, fileName))
        {
            var head = new byte[RecordConstants.HeadBytes];
            var read = await (await file.AtAsync(0, cancellationToken)).ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken);
            Format = formats.Identify(head.AsSpan(0, read)) ?? formats.Resolve(requested, fileName);
        }

        var stream = await file.AtAsync(Format.NeedsSeeking ? 0 : from.Offset, cancellationToken);
        await foreach (var record in formats.ReadAsync(Format, options, stream, from, cancellationToken))
        {
            yield return record;
        }
    }

    private async Task<(Record? Record, RecordFault? Failure)> NextAsync(IAsyncEnumerator<Record> records)
    {
        try
        {
            return (await records.MoveNextAsync() ? records.Current : null, null);
        }
        catch (SpoolLimitException exception)
        {
            return (null, new(ErrorCodes.DocumentTooLarge, exception.Message));
        }
        catch (Exception exception) when (Explain(exception) is { } fault)
        {
            return (null, fault);
        }
    }

    /// <summary>
    /// The item of a record. A record without an id of its own is <c>file#index</c>, and so is its fault, so that a record is the same
    /// document before and after it was repaired; a record that is the whole file has the file's id.
    /// </summary>
    private Document Document(Record record, long ordinal)
    {
        var id = record.ExplicitId ?? (record.IsWholeFile ? FileId : string.Create(CultureInfo.InvariantCulture, $"{FileId}#{record.Index}"));
        if (id.Length > RecordConstants.MaxIdCharacters)
        {
            var reason = string.Create(
                CultureInfo.InvariantCulture,
                $"The id would have {id.Length} characters; at most {RecordConstants.MaxIdCharacters} are allowed. Shorten the path.");
            return Fault(new(ErrorCodes.UnreadableFile, reason, record.Fault?.HidesOthers == true), ordinal, record.Bytes);
        }

        return new Document
        {
            Ordinal = ordinal,
            Id = id,
            Origin = Origin,
            Text = record.Text,
            TextStart = record.TextStart,
            Format = Format.ChunkAs,
            Metadata = Metadata(record),
            HasExplicitId = record.ExplicitId is not null,
            FaultCode = record.Fault?.Code,
            FaultReason = record.Fault is { } fault ? $"{FileId}: {fault.Reason}" : null,
            SourceBytes = record.Bytes,
            HidesOthers = record.Fault?.HidesOthers == true,
        };
    }

    private Document Fault(RecordFault fault, long ordinal, long bytes)
    {
        var id = ShortId();
        return new Document
        {
            Ordinal = ordinal,
            Id = id,
            Origin = Origin,
            Metadata = ImmutableDictionary<string, string>.Empty.Add(RecordConstants.PathField, id),
            FaultCode = fault.Code,
            FaultReason = $"{id}: {fault.Reason}",
            SourceBytes = bytes,
            HidesOthers = fault.HidesOthers,
        };
    }

    private ImmutableDictionary<string, string> Metadata(Record record)
    {
        var metadata = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in record.Fields)
        {
            metadata[name] = value;
        }

        metadata[RecordConstants.PathField] = FileId;
        if (record.IsLine)
        {
            metadata[RecordConstants.LineField] = record.Line.ToString(CultureInfo.InvariantCulture);
        }

        return metadata.ToImmutable();
    }

    /// <summary>The file's id, or its beginning when it is too long.</summary>
    private string ShortId() => CutText.At(FileId, RecordConstants.MaxIdCharacters);

    /// <summary>The file's stream. It stays open as long as cursors are made, which may read it too.</summary>
    private sealed class OpenedStream(Func<long, CancellationToken, ValueTask<Stream>> openAt) : IAsyncDisposable
    {
        private Stream? _stream;

        /// <summary>The file at an offset; a forward-only stream is opened again.</summary>
        public async ValueTask<Stream> AtAsync(long offset, CancellationToken cancellationToken)
        {
            if (_stream is { CanSeek: true } seekable)
            {
                seekable.Position = offset;
                return seekable;
            }

            await DisposeAsync();
            return _stream = await openAt(offset, cancellationToken);
        }

        public ValueTask DisposeAsync() => _stream?.DisposeAsync() ?? ValueTask.CompletedTask;
    }
}
