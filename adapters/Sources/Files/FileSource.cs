using System.Runtime.CompilerServices;
using Quiver.Core.Formats;
using Quiver.Core.Sources;

namespace Quiver.Adapters.Sources.Files;

/// <summary>Files and folders as a source.</summary>
internal sealed class FileSource : IDocumentSource
{
    private const int MaxCounted = 200_000;
    private readonly IReadOnlyList<FileRoot> _roots;
    private readonly FormatRegistry _formats;
    private readonly DocumentFormat _format;
    private readonly RecordOptions _options;
    private readonly FileWalk _walk;

    public FileSource(IReadOnlyList<FileRoot> roots, SourceSpec spec, int maxDocumentBytes, FormatRegistry formats)
    {
        _roots = roots;
        _formats = formats;
        _format = spec.Format;
        _options = new RecordOptions { TextField = spec.TextField ?? "text", IdField = spec.IdField, MaxDocumentBytes = maxDocumentBytes };
        _walk = new FileWalk(
            roots,
            new GlobFilter(spec.Include, spec.Exclude),
            spec.HonourGitIgnore,
            skip: spec.Format == DocumentFormat.Auto ? formats.IsKnownBinary : static _ => false);
        Origins = [.. roots.Select(root => root.Origin).Distinct(StringComparer.Ordinal)];
    }

    public ImmutableArray<string> Origins { get; }

    public async IAsyncEnumerable<SourceRecord> ReadAsync(SourceCursor from, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var cursor = FileCursor.Parse(from.Position, _roots.Count);
        var ordinal = from.NextOrdinal;
        await foreach (var entry in _walk.EnumerateAsync(cursor, cancellationToken))
        {
            var resume = cursor is { Done: false } && cursor.Root == entry.Root && cursor.Path == entry.RelativePath ? cursor : null;
            await foreach (var record in ReadAsync(entry, resume, ordinal, cancellationToken))
            {
                ordinal = record.Next.NextOrdinal;
                yield return record;
            }
        }
    }

    public async Task<long?> CountAsync(CancellationToken cancellationToken = default)
    {
        var count = 0L;
        await foreach (var entry in _walk.EnumerateAsync(null, cancellationToken))
        {
            var path = _roots[entry.Root].Locate(entry.RelativePath);
            if (++count > MaxCounted || (entry.Fault is null && !_formats.Resolve(_format, path).IsOneDocument))
            {
                return null;
            }
        }

        return count;
    }

    /// <summary>The records of a file, from a cursor in it.</summary>
    private async IAsyncEnumerable<SourceRecord> ReadAsync(
        FileEntry entry, FileCursor? resume, long ordinal, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var root = _roots[entry.Root];
        var done = new FileCursor { Root = entry.Root, Path = entry.RelativePath, Done = true };
        await using var file = entry.Fault is null ? OpenedFile.Open(root, entry.RelativePath) : OpenedFile.Faulty(entry.Fault);
        var path = root.Locate(entry.RelativePath);
        var canGrow = _formats.Resolve(_format, path).CanGrow;
        var reader = new FileReader(_formats, _format, path, _options)
        {
            FileId = root.FileId(entry.RelativePath),
            Origin = root.Origin,
            OpenAt = OpenAt,
            CursorAt = CursorAtAsync,
            Explain = Explain,
        };
        if (file.Fault is { } fault)
        {
            yield return await reader.FaultAsync(fault, ordinal);
            yield break;
        }

        if (file.Stream is null)
        {
            yield break;
        }

        var from = resume is not null && await file.CanResumeAsync(resume, canGrow, cancellationToken) ? resume.Position : RecordCursor.Start;
        await foreach (var record in reader.ReadAsync(from, ordinal, cancellationToken))
        {
            yield return record;
        }

        ValueTask<Stream> OpenAt(long offset, CancellationToken _)
        {
            file.Stream!.Position = offset;
            return ValueTask.FromResult<Stream>(file.Stream);
        }

        async ValueTask<string> CursorAtAsync(RecordCursor? at)
        {
            var cursor = at is not { } position ? done : done with
            {
                Done = false,
                Length = file.Length,
                Modified = file.Modified,
                Offset = position.Offset,
                Index = position.Index,
                Line = position.Line,
                State = position.State,
                Before = canGrow ? await file.ReadTailAsync(position.Offset, cancellationToken) : null,
            };
            return cursor.ToString();
        }
    }

    private static RecordFault? Explain(Exception exception) => exception is IOException or UnauthorizedAccessException
        ? new RecordFault(ErrorCodes.UnreadableFile, $"Reading stopped before the end of the file: {exception.Message}")
        : null;
}

/// <summary>A file or folder that a source names.</summary>
/// <param name="Path">Its absolute path.</param>
/// <param name="RealPath">The path with all links resolved.</param>
/// <param name="IsFolder">Whether it is a folder.</param>
/// <param name="Prefix">
/// The beginning of its files' ids: its name, with as many parents as make it unique among the roots; empty for the only folder of a named source.
/// </param>
/// <param name="Origin">The origin of its documents.</param>
internal sealed record FileRoot(string Path, string RealPath, bool IsFolder, string Prefix, string Origin)
{
    /// <summary>The id of a file, given its path relative to the root with forward slashes.</summary>
    public string FileId(string relativePath) => RootPrefixes.Join(Prefix, relativePath);

    /// <summary>The absolute path of a file.</summary>
    public string Locate(string relativePath) => relativePath.Length == 0 ? Path : System.IO.Path.Join(Path, relativePath);
}
