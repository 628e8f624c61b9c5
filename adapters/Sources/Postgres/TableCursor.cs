using System.Text.Json;
using System.Text.Json.Serialization;

namespace Quiver.Adapters.Sources.Postgres;

/// <summary>The key of the last row that was read, with its columns and types.</summary>
internal sealed record TableCursor
{
    private const int MaxCharacters = 8_192;

    private static readonly TableCursorJson Json = new(CursorJson.Options(TableCursorJson.Default.Options));

    /// <summary>The key's columns.</summary>
    public string[] Columns { get; init; } = [];

    /// <summary>Their SQL types.</summary>
    public string[] Types { get; init; } = [];

    /// <summary>The values in the database's text form.</summary>
    public string[] Values { get; init; } = [];

    /// <summary>The key after which reading resumes; null at the beginning.</summary>
    /// <exception cref="PermanentException">The cursor does not fit this table's key.</exception>
    public static ImmutableArray<string>? Parse(string position, TableLayout layout) => CursorJson.Parse(
        position,
        Json.TableCursor,
        cursor => cursor is { Columns: not null, Types: not null, Values: not null } && cursor.Values.Length == layout.Key.Length
            && cursor.Columns.SequenceEqual(layout.Key.Select(static column => column.Name))
            && cursor.Types.SequenceEqual(layout.Key.Select(static column => column.Type)),
        "The table's key has changed since the job started, so its cursor is no longer valid; start a new job over the same table.") is { } parsed
        ? [.. parsed.Values]
        : null;

    /// <summary>The cursor after a row.</summary>
    /// <exception cref="PermanentException">A value is null, or the values are too long for a cursor.</exception>
    public static string After(TableRow row, TableLayout layout)
    {
        if (row.Key.Contains(null))
        {
            throw Keyless(layout);
        }

        var position = JsonSerializer.Serialize(
            new TableCursor
            {
                Columns = [.. layout.Key.Select(static column => column.Name)],
                Types = [.. layout.Key.Select(static column => column.Type)],
                Values = [.. row.Key.Select(static value => value!)],
            },
            Json.TableCursor);
        return position.Length <= MaxCharacters ? position : throw Keyless(layout);
    }

    private static PermanentException Keyless(TableLayout layout) => new(
        ErrorCodes.InvalidOption,
        $"A row of {layout.Title} has a key that is null or too long for a cursor: name shorter columns that are never null with --key (in JSON source.table.keyColumns).");
}

/// <summary>The stored form of cursors.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(TableCursor))]
internal sealed partial class TableCursorJson : JsonSerializerContext;
