using System.Globalization;
using System.Text;
using Npgsql;
using Quiver.Core.Formats;

namespace Quiver.Adapters.Sources.Postgres;

/// <summary>The query for a page of a table: the rows after a key in its order, limited by rows and bytes, without values above their limit.</summary>
internal sealed class TablePage
{
    /// <summary>The maximum size in bytes of one key value in a cursor.</summary>
    private const int MaxKeyBytes = 4_000;

    private readonly TableLayout _layout;
    private readonly string _relation;
    private readonly int _pageBytes;
    private readonly int _maxDocumentBytes;

    /// <param name="layout">The table.</param>
    /// <param name="pageBytes">The size in bytes at which a page ends.</param>
    /// <param name="maxDocumentBytes">The maximum size in bytes of a row's text; a larger text is not fetched.</param>
    public TablePage(TableLayout layout, int pageBytes, int maxDocumentBytes)
    {
        _layout = layout;
        _relation = $"{SqlName.Quote(layout.Schema)}.{SqlName.Quote(layout.Name)}";
        _pageBytes = pageBytes;
        _maxDocumentBytes = maxDocumentBytes;
    }

    /// <summary>Asks for rows without a key, which no page after a key would contain.</summary>
    public string KeylessSql =>
        $"SELECT EXISTS (SELECT 1 FROM {_relation} WHERE {Conditions(false)} AND ({Join(_layout.Key, (column, _) => $"{Column(column.Name)} IS NULL", " OR ")}))::text";

    /// <summary>The parameters' values in their order.</summary>
    /// <param name="after">The key after which the page starts; null for the first page.</param>
    public IEnumerable<string> Values(ImmutableArray<string>? after) => [.. _layout.Since is { } since ? [since] : Array.Empty<string>(), .. after ?? []];

    /// <summary>The query.</summary>
    /// <param name="isFirst">Whether the page starts with the first row.</param>
    /// <param name="rows">The maximum number of rows; 0 only lets the database check the query.</param>
    public string Sql(bool isFirst, int rows)
    {
        var keys = Join(_layout.Key, (_, i) => $"qk{i}");
        var text = Join(_layout.Text, (name, i) => $"{Column(name)}::text AS qt{i}");
        var bytes = Join(_layout.Text, (name, _) => $"COALESCE(octet_length({Column(name)}::text), 0)::bigint", " + ");
        var ids = Join(_layout.Id, (name, i) => $"left({Column(name)}::text, {RecordConstants.MaxIdCharacters + 1}) AS qi{i}, ", "");
        var metadata = Join(_layout.Metadata, (name, i) => $"left({Column(name)}::text, {RecordConstants.MaxValueCharacters}) AS qm{i}, ", "");
        var size = Join(_layout.Metadata, (_, i) => $" + COALESCE(octet_length(qm{i}), 0)", "");

        // A page reads one row more than it returns, which shows whether the table ends and whether two rows share a key.
        return string.Create(CultureInfo.InvariantCulture, $"""
            SELECT {Join(_layout.Key, (_, i) => $"CASE WHEN octet_length(qx{i}) <= {MaxKeyBytes} THEN qx{i} END")},
                {Join(_layout.Id, (_, i) => $"qi{i}, ", "")}{Join(_layout.Text, (_, i) => $"CASE WHEN qb <= {_maxDocumentBytes} THEN qt{i} END")},
                {Join(_layout.Metadata, (_, i) => $"qm{i}, ", "")}qb::text, qtwin::text, qnext::text
            FROM (
                SELECT *,
                    sum(CASE WHEN qb <= {_maxDocumentBytes} THEN qb ELSE 0 END{size}) OVER (ORDER BY {keys} ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS qbefore,
                    COALESCE(({keys}) = ({Join(_layout.Key, (_, i) => $"lead(qk{i}) OVER (ORDER BY {keys})")}), false) AS qtwin,
                    lead(true) OVER (ORDER BY {keys}) IS TRUE AS qnext
                FROM (
                    SELECT {Join(_layout.Key, (column, i) => $"{Column(column.Name)} AS qk{i}, {Column(column.Name)}::text AS qx{i}")}, {ids}{metadata}{text}, {bytes} AS qb
                    FROM {_relation}
                    WHERE {Conditions(!isFirst)}
                    ORDER BY {Join(_layout.Key, (column, _) => Column(column.Name))}
                    LIMIT {(rows == 0 ? 0 : rows + 1)}) AS qrows) AS qpage
            WHERE COALESCE(qbefore, 0) < {_pageBytes}
            ORDER BY {keys}
            LIMIT {rows}
            """);
    }

    /// <summary>Reads a row of the query.</summary>
    public TableRow Read(NpgsqlDataReader row)
    {
        var at = 0;
        return new TableRow
        {
            Key = Strings(_layout.Key.Length),
            Id = Strings(_layout.Id.Length),
            Text = [.. Enumerable.Range(0, _layout.Text.Length).Select(_ => row.IsDBNull(at++) ? null : row.GetFieldValue<byte[]>(at - 1))],
            Metadata = Strings(_layout.Metadata.Length),
            TextBytes = long.Parse(row.GetString(at++), CultureInfo.InvariantCulture),
            HasTwin = row.GetString(at++) == "true",
            HasNext = row.GetString(at++) == "true",
        };

        ImmutableArray<string?> Strings(int count) => [.. Enumerable.Range(0, count).Select(_ => row.IsDBNull(at++) ? null : row.GetString(at - 1))];
    }

    private static string Join<T>(ImmutableArray<T> items, Func<T, int, string> write, string separator = ", ") => string.Join(separator, items.Select(write));

    /// <summary>Qualified with the table: a name alone could be one of the query's own.</summary>
    private string Column(string name) => $"{SqlName.Quote(_layout.Name)}.{SqlName.Quote(name)}";

    private string Conditions(bool afterKey)
    {
        var sql = new StringBuilder(_layout.Where is { } where ? $"({where})" : "true");
        var parameter = 0;
        if (_layout.SinceColumn is { } since)
        {
            sql.Append(CultureInfo.InvariantCulture, $" AND {Column(since)} >= ${++parameter}");
        }

        if (afterKey)
        {
            var values = Join(_layout.Key, (_, i) => string.Create(CultureInfo.InvariantCulture, $"${parameter + i + 1}"));
            sql.Append(CultureInfo.InvariantCulture, $" AND ({Join(_layout.Key, (column, _) => Column(column.Name))}) > ({values})");
        }

        return sql.ToString();
    }
}

/// <summary>A row of a page, with all values in the database's text form.</summary>
internal sealed record TableRow
{
    /// <summary>The key's values; null where the row has null or a value that is too long for a cursor.</summary>
    public required ImmutableArray<string?> Key { get; init; }

    /// <summary>The id columns' values, each cut off one character above the limit of an id.</summary>
    public required ImmutableArray<string?> Id { get; init; }

    /// <summary>The text columns' values as UTF-8; all null when they exceed the size limit together.</summary>
    public required ImmutableArray<byte[]?> Text { get; init; }

    /// <summary>The metadata columns' values, cut off.</summary>
    public required ImmutableArray<string?> Metadata { get; init; }

    /// <summary>Bytes of the text columns, fetched or not.</summary>
    public required long TextBytes { get; init; }

    /// <summary>Whether the next row has the same key.</summary>
    public required bool HasTwin { get; init; }

    /// <summary>Whether another row followed when the page was read.</summary>
    public required bool HasNext { get; init; }
}

/// <summary>Names in SQL.</summary>
internal static class SqlName
{
    /// <summary>The quoted name; no character in it has a special meaning.</summary>
    public static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
