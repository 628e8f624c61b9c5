using System.Text.Encodings.Web;
using System.Text.Json;

namespace Quiver.Adapters.Sources.Postgres;

/// <summary>The key of the last row read, and of what it is the key.</summary>
internal sealed record TableCursor
{
    private const int MaxCharacters = 8_192;

    // Cursors are bounded in length and never part of a page.
    private static readonly TableCursorJson Json = new(new JsonSerializerOptions(TableCursorJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>The key's columns.</summary>
    public string[] Columns { get; init; } = [];

    /// <summary>Their types in words.</summary>
    public string[] Types { get; init; } = [];

    /// <summary>The values as the database writes them.</summary>
    public string[] Values { get; init; } = [];

    /// <summary>The values to go on behind; null at the beginning.</summary>
    /// <exception cref="PermanentException">The cursor is not one of this table's key.</exception>
    public static ImmutableArray<string>? Parse(string position, TableLayout layout)
    {
        if (position.Length == 0)
        {
            return null;
        }

        TableCursor? cursor;
        try
        {
            cursor = JsonSerializer.Deserialize(position, Json.TableCursor);
        }
        catch (JsonException e)
        {
            throw Foreign(e);
        }

        return cursor is { Columns: not null, Types: not null, Values: not null } && cursor.Values.Length == layout.Key.Length
            && cursor.Columns.SequenceEqual(layout.Key.Select(static column => column.Name)) && cursor.Types.SequenceEqual(layout.Key.Select(static column => column.Type))
            ? [.. cursor.Values]
            : throw Foreign(null);
    }

    /// <summary>The cursor behind a row.</summary>
    /// <exception cref="PermanentException">A value is null, or they are too long to be kept.</exception>
    public static string Behind(TableRow row, TableLayout layout)
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
        $"A row of {layout.Title} has a key that is null or too long to keep the place by: name shorter columns that are never null with --key.");

    private static PermanentException Foreign(Exception? e) =>
        new(ErrorCodes.SourceChanged, "The table's key is another one than when the job began, so that its place cannot be found again; start a new job over the same table.", e);
}
