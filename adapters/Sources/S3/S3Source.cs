using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Quiver.Adapters.Storage.S3;
using Quiver.Core.Formats;
using Quiver.Core.Sources;

namespace Quiver.Adapters.Sources.S3;

/// <summary>Objects and prefixes as a source.</summary>
internal sealed class S3Source : IDocumentSource
{
    private const int MaxCountedPages = 10;
    private readonly IReadOnlyList<S3Root> _roots;
    private readonly S3Requests _requests;
    private readonly DocumentFormat _format;
    private readonly S3Walk _walk;
    private readonly S3Records _records;

    public S3Source(IReadOnlyList<S3Root> roots, SourceSpec spec, S3Requests requests, ILogger logger)
    {
        _roots = roots;
        _requests = requests;
        _format = spec.Format;
        _walk = new S3Walk(roots, requests, new GlobFilter(spec.Include, spec.Exclude), spec.Format == DocumentFormat.Auto);
        var options = new RecordOptions
        {
            TextField = spec.TextField ?? "text",
            IdField = spec.IdField,
            MaxDocumentBytes = (int)(spec.MaxDocumentBytes ?? requests.Options.MaxDocumentBytes),
        };
        _records = new S3Records(requests, _walk, spec.Format, options, logger);
        Origins = [.. roots.Select(root => root.Origin).Distinct(StringComparer.Ordinal)];
    }

    public ImmutableArray<string> Origins { get; }

    public async IAsyncEnumerable<SourceRecord> ReadAsync(SourceCursor from, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await using var records = ReadAllAsync(from, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await NextAsync(records))
        {
            yield return records.Current;
        }
    }

    public async Task<long?> CountAsync(CancellationToken cancellationToken = default)
    {
        var most = MaxCountedPages * (long)_requests.Options.PageSize;
        var count = 0L;
        try
        {
            await foreach (var entry in _walk.EnumerateAsync(null, cancellationToken))
            {
                if (++count > most || !FileFormats.IsOneDocument(FileFormats.Resolve(_format, ObjectName.Of(entry.Key).Content)))
                {
                    return null;
                }
            }
        }
        catch (S3Exception e)
        {
            throw e.Fault.ToException();
        }

        return count;
    }

    private async IAsyncEnumerable<SourceRecord> ReadAllAsync(SourceCursor from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var cursor = S3Cursor.Parse(from.Position, _roots.Count);
        var ordinal = from.NextOrdinal;
        await foreach (var (entry, content) in S3ReadAhead.OverAsync(_walk.EnumerateAsync(cursor, cancellationToken), _requests, cancellationToken))
        {
            var resume = cursor is { Done: false } && cursor.Root == entry.Root && cursor.Key == entry.Key ? cursor : null;
            await foreach (var record in _records.ReadAsync(_roots[entry.Root], entry, content, resume, ordinal, cancellationToken))
            {
                ordinal = record.Next.NextOrdinal;
                yield return record;
            }
        }
    }

    private static async Task<bool> NextAsync(IAsyncEnumerator<SourceRecord> records)
    {
        try
        {
            return await records.MoveNextAsync();
        }
        catch (S3Exception e)
        {
            throw e.Fault.ToException();
        }
    }
}
