namespace Quiver.Adapters.Sources.Postgres;

/// <summary>A row of a page, everything in it as the database writes it as text.</summary>
internal sealed record TableRow
{
    /// <summary>The key's values; one is null where it is null in the row, or too long to be kept.</summary>
    public required ImmutableArray<string?> Key { get; init; }

    /// <summary>The id columns' values, each cut off behind what an id may have.</summary>
    public required ImmutableArray<string?> Id { get; init; }

    /// <summary>The text columns' values as UTF-8; all null when they are together too large.</summary>
    public required ImmutableArray<byte[]?> Text { get; init; }

    /// <summary>The metadata columns' values, cut off.</summary>
    public required ImmutableArray<string?> Metadata { get; init; }

    /// <summary>Bytes of the text columns, fetched or not.</summary>
    public required long TextBytes { get; init; }

    /// <summary>Whether the next row has the same key.</summary>
    public required bool HasTwin { get; init; }

    /// <summary>Whether another row was behind it when the page was read.</summary>
    public required bool HasNext { get; init; }
}
