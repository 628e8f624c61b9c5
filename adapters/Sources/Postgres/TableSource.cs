using System.Runtime.CompilerServices;
using Npgsql;
using Quiver.Adapters.Storage.Postgres;
using Quiver.Core.Sources;

namespace Quiver.Adapters.Sources.Postgres;

/// <summary>
/// A table or view as a source, in the order of its key as the database has it. Each page is a read-only transaction of its own, so that
/// no snapshot is held while documents are embedded: rows that come behind the place that was reached are read, those that go are not.
/// </summary>
internal sealed class TableSource : IDocumentSource
{
    private readonly PostgresPools _pools;
    private readonly PostgresAddress _address;
    private readonly TableLayout _layout;
    private readonly TablePage _page;
    private readonly TableItems _items;
    private readonly int _pageRows;
    private readonly TimeSpan _statementTimeout;

    public TableSource(PostgresPools pools, PostgresAddress address, TableLayout layout, SourceSpec spec, PostgresOptions options)
    {
        var maxDocumentBytes = (int)(spec.MaxDocumentBytes ?? options.MaxDocumentBytes);
        var origin = spec.Name ?? $"{address.Place}#{layout.Title}";
        _pools = pools;
        _address = address;
        _layout = layout;
        _page = new TablePage(layout, options.PageBytes, maxDocumentBytes);
        _items = new TableItems(layout, origin, spec.Format, maxDocumentBytes);
        _pageRows = options.PageRows;
        _statementTimeout = options.StatementTimeout;
        Origins = [origin];
    }

    public ImmutableArray<string> Origins { get; }

    /// <summary>Lets the database check everything that a page asks for.</summary>
    /// <exception cref="InvalidRequestException">The condition or the bound does not fit the table.</exception>
    public async Task CheckAsync(PostgresSession session, CancellationToken cancellationToken)
    {
        try
        {
            await session.QueryAsync(_page.Sql(isFirst: true, rows: 0), _page.Values(null), _page.Read, cancellationToken);
        }
        catch (PostgresException error) when (ConditionFaults.Find(error, _layout) is { } fault)
        {
            throw fault;
        }
    }

    public async IAsyncEnumerable<SourceRecord> ReadAsync(SourceCursor from, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var after = TableCursor.Parse(from.Position, _layout);
        var ordinal = from.NextOrdinal;
        if (after is null && _layout.Key.Any(static column => column.IsNullable))
        {
            await RequireKeysAsync(cancellationToken);
        }

        for (var goesOn = true; goesOn;)
        {
            goesOn = false;
            foreach (var row in await PageAsync(after, cancellationToken))
            {
                if (row.HasTwin)
                {
                    throw Twins(row);
                }

                var item = _items.Create(row, ordinal++);
                yield return new SourceRecord(item, new SourceCursor(ordinal, TableCursor.Behind(row, _layout)));
                after = row.Key!;
                goesOn = row.HasNext;
            }
        }
    }

    /// <summary>Never known: counting a table may take as long as reading it, and it changes meanwhile.</summary>
    public Task<long?> CountAsync(CancellationToken cancellationToken = default) => Task.FromResult<long?>(null);

    private Task<List<TableRow>> PageAsync(ImmutableArray<string>? after, CancellationToken cancellationToken) => RunAsync(
        session => session.QueryAsync(_page.Sql(after is null, _pageRows), _page.Values(after), _page.Read, cancellationToken), cancellationToken);

    private async Task RequireKeysAsync(CancellationToken cancellationToken)
    {
        var found = await RunAsync(
            session => session.QueryAsync(_page.KeylessSql, _page.Values(null), static row => row.GetString(0), cancellationToken), cancellationToken);
        if (found is ["true"])
        {
            throw new InvalidRequestException(
                ErrorCodes.InvalidOption,
                $"Rows of {_layout.Title} have null in a key column, and a row without a key has no place in the order: leave them out with --where, or name other columns with --key.");
        }
    }

    private Task<T> RunAsync<T>(Func<PostgresSession, Task<T>> action, CancellationToken cancellationToken) =>
        PostgresSession.RunAsync(_pools, _address, _statementTimeout, action, cancellationToken);

    private PermanentException Twins(TableRow row) => new(
        ErrorCodes.InvalidOption,
        $"Two rows of {_layout.Title} have the key ({string.Join(", ", row.Key)}), so that one of them could be lost at the end of a page: name columns that tell all rows apart with --key.");
}
