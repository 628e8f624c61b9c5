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
    private readonly FormatRegistry _formats;
    private readonly DocumentFormat _format;
    private readonly S3Walk _walk;
    private readonly S3Records _records;

    public S3Source(IReadOnlyList<S3Root> roots, SourceSpec spec, S3Requests requests, FormatRegistry formats, ILogger logger)
    {
        _roots = roots;
        _formats = formats;
        _requests = requests;
        _format = spec.Format;
        _walk = new S3Walk(
            roots,
            requests,
            new GlobFilter(spec.Include, spec.Exclude),
            skip: spec.Format == DocumentFormat.Auto ? formats.IsKnownBinary : static _ => false);
        var options = new RecordOptions
        {
            TextField = spec.TextField ?? "text",
            IdField = spec.IdField,
            MaxDocumentBytes = (int)(spec.MaxDocumentBytes ?? requests.Options.MaxDocumentBytes),
        };
        _records = new S3Records(requests, _walk, formats, spec.Format, options, logger);
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
        var limit = MaxCountedPages * (long)_requests.Options.PageSize;
        var count = 0L;
        try
        {
            await foreach (var entry in _walk.EnumerateAsync(null, cancellationToken))
            {
                if (++count > limit || !_formats.Resolve(_format, ObjectName.Of(entry.Key).Content).IsOneDocument)
                {
                    return null;
                }
            }
        }
        catch (S3Exception exception)
        {
            throw exception.Fault.ToException();
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
        catch (S3Exception exception)
        {
            throw exception.Fault.ToException();
        }
    }
}

/// <summary>An address that a source names.</summary>
/// <param name="Address">The object or prefix.</param>
/// <param name="IdPrefix">The beginning of its objects' ids.</param>
/// <param name="Origin">The origin of its documents.</param>
internal sealed record S3Root(S3Address Address, string IdPrefix, string Origin)
{
    /// <summary>The key relative to the address, for globs; empty for a named object.</summary>
    public string Relative(string key) => Address.IsPrefix ? key[Address.Key.Length..] : "";

    /// <summary>The id of an object.</summary>
    public string FileId(string key) => RootPrefixes.Join(IdPrefix, Relative(key));
}
