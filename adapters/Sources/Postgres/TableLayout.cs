namespace Quiver.Adapters.Sources.Postgres;

/// <summary>A table and what is read of it, looked up in the catalogue.</summary>
internal sealed record TableLayout
{
    public required string Schema { get; init; }

    public required string Name { get; init; }

    /// <summary>At least one; rows are read in their order.</summary>
    public required ImmutableArray<TableColumn> Key { get; init; }

    /// <summary>Empty when ids are derived from the key.</summary>
    public required ImmutableArray<string> Id { get; init; }

    /// <summary>At least one.</summary>
    public required ImmutableArray<string> Text { get; init; }

    public required ImmutableArray<string> Metadata { get; init; }

    public string? Where { get; init; }

    public string? SinceColumn { get; init; }

    public string? Since { get; init; }

    /// <summary>The table's name for people.</summary>
    public string Title => $"{Schema}.{Name}";
}
