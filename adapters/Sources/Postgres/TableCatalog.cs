using System.Globalization;
using Npgsql;
using Quiver.Adapters.Storage.Postgres;

namespace Quiver.Adapters.Sources.Postgres;

/// <summary>Looks up tables in the database's catalog.</summary>
internal static class TableCatalog
{
    private const int ShownColumns = 30;

    private const string Sql =
        """
        SELECT c.relkind::text, a.attname::text, pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull::text, p.place::text
        FROM pg_catalog.pg_class c
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        LEFT JOIN LATERAL (
            SELECT k.place FROM pg_catalog.pg_index i, pg_catalog.unnest(i.indkey::int2[]) WITH ORDINALITY AS k(attnum, place)
            WHERE i.indrelid = c.oid AND i.indisprimary AND k.attnum = a.attnum AND k.place <= i.indnkeyatts) p ON true
        WHERE n.nspname = $1 AND c.relname = $2
        ORDER BY a.attnum
        """;

    /// <summary>Looks up the table and the columns that a spec names.</summary>
    /// <exception cref="InvalidRequestException">The table, or a column, does not exist, or the key is not usable as one.</exception>
    public static async Task<TableLayout> FindAsync(PostgresSession session, TableSpec spec, CancellationToken cancellationToken)
    {
        var entries = await session.QueryAsync(Sql, [spec.Schema, spec.Name], Read, cancellationToken);
        var kind = entries.Count > 0 ? entries[0].Kind : "";
        List<TableColumn> columns = [.. entries.Select(static entry => entry.Column).OfType<TableColumn>()];
        ImmutableArray<TableColumn> primaryKey =
            [.. entries.Where(static entry => entry.KeyPosition is not null).OrderBy(static entry => entry.KeyPosition).Select(static entry => entry.Column!)];
        if (kind is not ("r" or "p" or "v" or "m" or "f"))
        {
            throw Missing(spec, kind.Length > 0);
        }

        return new TableLayout
        {
            Schema = spec.Schema,
            Name = spec.Name,
            Key = Key(spec, columns, primaryKey, kind),
            Id = Named(spec, columns, spec.IdColumns),
            Text = Named(spec, columns, spec.TextColumns),
            Metadata = Named(spec, columns, spec.MetadataColumns),
            Where = spec.Where,
            SinceColumn = spec.SinceColumn is { } since ? Find(spec, columns, since).Name : null,
            Since = spec.Since,
        };
    }

    private static (string Kind, TableColumn? Column, int? KeyPosition) Read(NpgsqlDataReader row)
    {
        var kind = row.GetString(0);
        if (row.IsDBNull(1))
        {
            return (kind, null, null);
        }

        // The catalog knows nullability of local tables only; a foreign table declares it without a check.
        var isNullable = kind is not ("r" or "p") || row.GetString(3) != "true";
        return (kind, new(row.GetString(1), row.GetString(2), isNullable), row.IsDBNull(4) ? null : int.Parse(row.GetString(4), CultureInfo.InvariantCulture));
    }

    private static ImmutableArray<TableColumn> Key(TableSpec spec, List<TableColumn> columns, ImmutableArray<TableColumn> primaryKey, string kind)
    {
        if (spec.KeyColumns.IsEmpty)
        {
            return primaryKey.Length > 0 ? primaryKey : throw Refused(
                $"{Title(spec)} has no primary key: name columns that identify its rows with --key (in JSON source.table.keyColumns), preferably those of a unique index.");
        }

        ImmutableArray<TableColumn> key = [.. spec.KeyColumns.Select(name => Find(spec, columns, name))];
        var nullable = kind is "r" or "p" ? key.FirstOrDefault(static column => column.IsNullable) : null;
        return nullable is null ? key : throw Refused(
            $"The key column '{nullable.Name}' of {Title(spec)} may be null, and a row without a key has no position in the order: name columns that are NOT NULL.");
    }

    private static ImmutableArray<string> Named(TableSpec spec, List<TableColumn> columns, ImmutableArray<string> names) =>
        [.. names.Select(name => Find(spec, columns, name).Name)];

    private static TableColumn Find(TableSpec spec, List<TableColumn> columns, string name) =>
        columns.Find(column => column.Name == name) ?? throw Refused(
            $"{Title(spec)} has no column '{name}'; it has {string.Join(", ", columns.Take(ShownColumns).Select(static column => column.Name))}"
            + (columns.Count > ShownColumns ? ", …." : "."));

    private static InvalidRequestException Missing(TableSpec spec, bool isOther) => new(
        ErrorCodes.PathNotFound,
        isOther
            ? $"{Title(spec)} is neither a table nor a view: name one of these."
            : $"There is no table or view {Title(spec)}: check the spelling, capitals included, and the schema (--schema, in JSON source.table.schema).");

    private static InvalidRequestException Refused(string message) => new(ErrorCodes.InvalidOption, message);

    private static string Title(TableSpec spec) => $"{spec.Schema}.{spec.Name}";
}

/// <summary>A table and the columns that are read.</summary>
internal sealed record TableLayout
{
    public required string Schema { get; init; }

    public required string Name { get; init; }

    /// <summary>At least one column; rows are read in the key's order.</summary>
    public required ImmutableArray<TableColumn> Key { get; init; }

    /// <summary>Empty when ids are derived from the key.</summary>
    public required ImmutableArray<string> Id { get; init; }

    /// <summary>At least one column.</summary>
    public required ImmutableArray<string> Text { get; init; }

    public required ImmutableArray<string> Metadata { get; init; }

    public string? Where { get; init; }

    public string? SinceColumn { get; init; }

    public string? Since { get; init; }

    /// <summary>The table's name in messages.</summary>
    public string Title => $"{Schema}.{Name}";
}

/// <summary>A column in the catalog.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its SQL type.</param>
/// <param name="IsNullable">Whether it may be null as far as the catalog knows; true for views.</param>
internal sealed record TableColumn(string Name, string Type, bool IsNullable);
