using System.Runtime.CompilerServices;
using Quiver.GrainInterfaces.Workers;
using Quiver.Pipeline.Formats;
using Quiver.Pipeline.Sources;

namespace Quiver.Adapters.Files;

/// <summary>Reads the records of one file after another.</summary>
internal sealed class FileRecords(DocumentFormat asked, RecordOptions options)
{
    /// <summary>The records of an entry, from where a cursor says on.</summary>
    public async IAsyncEnumerable<SourceRecord> ReadAsync(
        FileRoot root, FileEntry entry, FileCursor? resume, long ordinal, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var fileId = root.FileId(entry.RelativePath);
        var done = new FileCursor { Root = entry.Root, Path = entry.RelativePath, Done = true };
        var format = FileFormats.Resolve(asked, root.Locate(entry.RelativePath));
        var holdsMany = !FileFormats.IsOneDocument(format);
        await using var file = entry.FaultCode is null ? OpenedFile.Open(root, entry.RelativePath) : OpenedFile.Faulty(entry.FaultCode, entry.FaultReason);
        if (file.Fault is { } fault)
        {
            yield return Record(SourceItems.Fault(fileId, root.Origin, ordinal, fault.Code, fault.Reason, entry.IsFolder || (holdsMany && entry.FaultCode is null)), done);
            yield break;
        }

        if (file.Stream is not { } stream)
            yield break;

        var position = resume is not null && file.CanResume(resume, format) ? resume.Position : RecordPosition.Start;
        stream.Position = position.Offset;
        var within = done with { Done = false, Length = file.Length, Modified = file.Modified };
        await using var records = RecordReaders.Create(format, options).ReadAsync(stream, position, cancellationToken).GetAsyncEnumerator(cancellationToken);

        // A record is held back until it is known whether it is the last one: behind the last one the cursor points behind the file.
        FormatRecord? held = null;
        while (true)
        {
            var (record, failure) = await NextAsync(records);
            if (held is not null)
            {
                var next = record is null && failure is null ? done : At(within, held.Next);
                yield return Record(SourceItems.Create(held, fileId, root.Origin, format, ordinal++, options.IdField is not null), next);
            }

            if (failure is not null)
                yield return Record(SourceItems.Fault(fileId, root.Origin, ordinal, ErrorCodes.UnreadableFile, failure, holdsMany), done);
            if (record is null)
                yield break;
            held = record;
        }
    }

    private static async Task<(FormatRecord? Record, string? Failure)> NextAsync(IAsyncEnumerator<FormatRecord> records)
    {
        try
        {
            return (await records.MoveNextAsync() ? records.Current : null, null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (null, $"Reading stopped before the end of the file: {e.Message}");
        }
    }

    private static FileCursor At(FileCursor within, RecordPosition position) =>
        within with { Offset = position.Offset, Index = position.Index, Line = position.Line, State = position.State };

    private static SourceRecord Record(DocumentItem item, FileCursor next) => new(item, new SourceCursor(item.Ordinal + 1, next.ToString()));
}
