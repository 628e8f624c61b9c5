using System.Runtime.CompilerServices;
using Quiver.Core.Formats;
using Quiver.Core.Sources;

namespace Quiver.Adapters.Sources.Files;

/// <summary>Files and folders as a source.</summary>
internal sealed class FileSource : IDocumentSource
{
    private const int MaxCounted = 200_000;
    private readonly IReadOnlyList<FileRoot> _roots;
    private readonly DocumentFormat _format;
    private readonly FileWalk _walk;
    private readonly FileRecords _records;

    public FileSource(IReadOnlyList<FileRoot> roots, SourceSpec spec, int maxDocumentBytes)
    {
        _roots = roots;
        _format = spec.Format;
        _walk = new FileWalk(roots, new GlobFilter(spec.Include, spec.Exclude), spec.HonourGitIgnore, spec.Format == DocumentFormat.Auto);
        _records = new FileRecords(
            spec.Format,
            new RecordOptions { TextField = spec.TextField ?? "text", IdField = spec.IdField, MaxDocumentBytes = maxDocumentBytes });
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
            await foreach (var record in _records.ReadAsync(_roots[entry.Root], entry, resume, ordinal, cancellationToken))
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
            if (++count > MaxCounted || (entry.Fault is null && !FileFormats.IsOneDocument(FileFormats.Resolve(_format, path))))
            {
                return null;
            }
        }

        return count;
    }
}
