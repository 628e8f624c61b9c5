using System.Runtime.CompilerServices;
using Npgsql;
using Quiver.Adapters.Storage.Postgres;
using Quiver.Core.Sources;

namespace Quiver.Adapters.Sources.Postgres;

/// <summary>
/// A table or view as a source, in the database's order of its key. Each page is a read-only transaction of its own, and no snapshot is
/// held while documents are embedded: rows that are inserted after the cursor are read, deleted ones are not.
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

    /// <summary>Lets the database check the query for a page.</summary>
    /// <exception cref="InvalidRequestException">The condition or the bound does not fit the table.</exception>
    public async Task CheckAsync(PostgresSession session, CancellationToken cancellationToken)
    {
        try
        {
            await session.QueryAsync(_page.Sql(isFirst: true, rows: 0), _page.Values(null), _page.Read, cancellationToken);
        }
        catch (PostgresException exception) when (BlamedOption(exception) is { } option)
        {
            throw new InvalidRequestException(
                ErrorCodes.InvalidOption,
                $"The database cannot use the value of {option} for {_layout.Title} (in JSON source.table.where and since): {exception.MessageText} ({exception.SqlState}). Correct it.",
                exception);
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

        for (var hasMore = true; hasMore;)
        {
            hasMore = false;
            foreach (var row in await PageAsync(after, cancellationToken))
            {
                if (row.HasTwin)
                {
                    throw Twins(row);
                }

                var item = _items.Create(row, ordinal++);
                yield return new SourceRecord(item, new SourceCursor(ordinal, TableCursor.After(row, _layout)));
                after = row.Key!;
                hasMore = row.HasNext;
            }
        }
    }

    /// <summary>Always null: counting a table may take as long as reading it.</summary>
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
                $"Rows of {_layout.Title} have null in a key column, and a row without a key has no position in the order: "
                + "leave them out with --where (in JSON source.table.where), or name other columns with --key (in JSON source.table.keyColumns).");
        }
    }

    /// <summary>The option that the database objects to; null when it cannot be the condition or the bound.</summary>
    private string? BlamedOption(PostgresException exception) => (exception.SqlState, _layout.Where, _layout.Since) switch
    {
        (PostgresErrorCodes.UndefinedColumn or PostgresErrorCodes.SyntaxError or PostgresErrorCodes.DatatypeMismatch, not null, _) => "--where",
        _ when exception.SqlState[..2] != "22" => null,
        (_, not null, not null) => "--where or --since",
        (_, not null, null) => "--where",
        (_, null, not null) => "--since",
        _ => null,
    };

    private Task<T> RunAsync<T>(Func<PostgresSession, Task<T>> action, CancellationToken cancellationToken) =>
        PostgresSession.RunAsync(_pools, _address, _statementTimeout, action, cancellationToken);

    private PermanentException Twins(TableRow row) => new(
        ErrorCodes.InvalidOption,
        $"Two rows of {_layout.Title} have the key ({string.Join(", ", row.Key)}), so one of them could be lost at the end of a page: "
        + "name columns that identify every row with --key (in JSON source.table.keyColumns).");
}
