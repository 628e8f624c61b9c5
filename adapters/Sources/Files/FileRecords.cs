using System.Runtime.CompilerServices;
using Quiver.Core.Formats;
using Quiver.Core.Sources;

namespace Quiver.Adapters.Sources.Files;

/// <summary>Reads the records of one file after another.</summary>
internal sealed class FileRecords(DocumentFormat asked, RecordOptions options)
{
    /// <summary>The records of an entry, from where a cursor says on.</summary>
    public async IAsyncEnumerable<SourceRecord> ReadAsync(
        FileRoot root, FileEntry entry, FileCursor? resume, long ordinal, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var done = new FileCursor { Root = entry.Root, Path = entry.RelativePath, Done = true };
        await using var file = entry.Fault is null ? OpenedFile.Open(root, entry.RelativePath) : OpenedFile.Faulty(entry.Fault);
        var format = FileFormats.Resolve(asked, root.Locate(entry.RelativePath));
        var items = new FileItems
        {
            FileId = root.FileId(entry.RelativePath),
            Origin = root.Origin,
            Format = format,
            Options = options,
            CursorAt = AtAsync,
            Explain = Explain,
        };
        if (file.Fault is { } fault)
        {
            yield return await items.FaultAsync(fault, ordinal);
            yield break;
        }

        if (file.Stream is not { } stream)
        {
            yield break;
        }

        var position = resume is not null && await file.CanResumeAsync(resume, format, cancellationToken) ? resume.Position : RecordPosition.Start;
        stream.Position = position.Offset;
        await foreach (var record in items.ReadAsync(stream, position, ordinal, cancellationToken))
        {
            yield return record;
        }

        async ValueTask<string> AtAsync(RecordPosition? place)
        {
            var cursor = place is not { } at ? done : done with
            {
                Done = false,
                Length = file.Length,
                Modified = file.Modified,
                Offset = at.Offset,
                Index = at.Index,
                Line = at.Line,
                State = at.State,
                Before = await file.ReadTailAsync(at.Offset, format, cancellationToken),
            };
            return cursor.ToString();
        }
    }

    private static RecordFault? Explain(Exception e) => e is IOException or UnauthorizedAccessException
        ? new RecordFault(ErrorCodes.UnreadableFile, $"Reading stopped before the end of the file: {e.Message}")
        : null;
}
