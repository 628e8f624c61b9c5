using System.Globalization;
using System.Text;
using Npgsql;
using Quiver.Core.Formats;

namespace Quiver.Adapters.Sources.Postgres;

/// <summary>The query for a page of a table: rows behind a key in its order, bounded by rows and by bytes, and what large values do not pass.</summary>
internal sealed class TablePage
{
    /// <summary>The bytes of a key's column that a cursor has room for.</summary>
    private const int MaxKeyBytes = 4_000;

    private readonly TableLayout _layout;
    private readonly string _relation;
    private readonly int _pageBytes;
    private readonly int _maxDocumentBytes;

    /// <param name="layout">The table.</param>
    /// <param name="pageBytes">No row is fetched behind one with which a page has so many bytes.</param>
    /// <param name="maxDocumentBytes">The text of a row with more bytes stays where it is.</param>
    public TablePage(TableLayout layout, int pageBytes, int maxDocumentBytes)
    {
        _layout = layout;
        _relation = $"{SqlName.Quote(layout.Schema)}.{SqlName.Quote(layout.Name)}";
        _pageBytes = pageBytes;
        _maxDocumentBytes = maxDocumentBytes;
    }

    /// <summary>Asks for rows without a key, which no page behind a key would have.</summary>
    public string KeylessSql =>
        $"SELECT EXISTS (SELECT 1 FROM {_relation} WHERE {Conditions(false)} AND ({Join(_layout.Key, (column, _) => $"{Column(column.Name)} IS NULL", " OR ")}))::text";

    /// <summary>The values of the parameters, in their order.</summary>
    /// <param name="after">The key to go on behind; null at the beginning.</param>
    public IEnumerable<string> Values(ImmutableArray<string>? after) => [.. _layout.Since is { } since ? [since] : Array.Empty<string>(), .. after ?? []];

    /// <summary>The query.</summary>
    /// <param name="isFirst">Whether it begins with the first row, and not behind a key.</param>
    /// <param name="rows">The most rows; 0 only lets the database check the query.</param>
    public string Sql(bool isFirst, int rows)
    {
        var keys = Join(_layout.Key, (_, i) => $"qk{i}");
        var text = Join(_layout.Text, (name, i) => $"{Column(name)}::text AS qt{i}");
        var bytes = Join(_layout.Text, (name, _) => $"COALESCE(octet_length({Column(name)}::text), 0)::bigint", " + ");
        var ids = Join(_layout.Id, (name, i) => $"left({Column(name)}::text, {RecordConstants.MaxIdCharacters + 1}) AS qi{i}, ", "");
        var metadata = Join(_layout.Metadata, (name, i) => $"left({Column(name)}::text, {RecordConstants.MaxValueCharacters}) AS qm{i}, ", "");
        var size = Join(_layout.Metadata, (_, i) => $" + COALESCE(octet_length(qm{i}), 0)", "");

        // A page looks one row further than it gives: whether that is there says when the table ends, and whether two rows share a key.
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

    /// <summary>With the table before it: a name alone could mean one of the query's own.</summary>
    private string Column(string name) => $"{SqlName.Quote(_layout.Name)}.{SqlName.Quote(name)}";

    private string Conditions(bool behindKey)
    {
        var sql = new StringBuilder(_layout.Where is { } where ? $"({where})" : "true");
        var parameter = 0;
        if (_layout.SinceColumn is { } since)
        {
            sql.Append(CultureInfo.InvariantCulture, $" AND {Column(since)} >= ${++parameter}");
        }

        if (behindKey)
        {
            var values = Join(_layout.Key, (_, i) => string.Create(CultureInfo.InvariantCulture, $"${parameter + i + 1}"));
            sql.Append(CultureInfo.InvariantCulture, $" AND ({Join(_layout.Key, (column, _) => Column(column.Name))}) > ({values})");
        }

        return sql.ToString();
    }
}
