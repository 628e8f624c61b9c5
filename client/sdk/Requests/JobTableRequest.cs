namespace Quiver.Client.Requests;

/// <summary>The table or view that a submitted job reads; see <see cref="TableSpec"/>.</summary>
public sealed record JobTableRequest
{
    /// <summary>The schema. Default: public.</summary>
    public string? Schema { get; init; }

    /// <summary>The table or view.</summary>
    public required string Name { get; init; }

    /// <summary>The columns that tell rows apart and that order them. Default: the primary key; views need them.</summary>
    public ImmutableArray<string>? KeyColumns { get; init; }

    /// <summary>The columns that are a document's id. Default: ids from the table's name and its key.</summary>
    public ImmutableArray<string>? IdColumns { get; init; }

    /// <summary>The columns that hold the text, joined by blank lines. Default: text.</summary>
    public ImmutableArray<string>? TextColumns { get; init; }

    /// <summary>The columns kept beside the text. Default: none.</summary>
    public ImmutableArray<string>? MetadataColumns { get; init; }

    /// <summary>A condition in the database's SQL that rows must meet. Default: all rows.</summary>
    public string? Where { get; init; }

    /// <summary>The column that since is a bound of; goes with it.</summary>
    public string? SinceColumn { get; init; }

    /// <summary>The least value of sinceColumn, included. Default: all rows.</summary>
    public string? Since { get; init; }

    internal static JobTableRequest From(TableSpec spec) => new()
    {
        Schema = spec.Schema,
        Name = spec.Name,
        KeyColumns = spec.KeyColumns,
        IdColumns = spec.IdColumns,
        TextColumns = spec.TextColumns,
        MetadataColumns = spec.MetadataColumns,
        Where = spec.Where,
        SinceColumn = spec.SinceColumn,
        Since = spec.Since,
    };

    internal TableSpec ToSpec() => new()
    {
        Schema = Schema ?? "public",
        Name = Name,
        KeyColumns = JobSourceRequest.WithoutNulls(KeyColumns ?? [], "source.table.keyColumns"),
        IdColumns = JobSourceRequest.WithoutNulls(IdColumns ?? [], "source.table.idColumns"),
        TextColumns = JobSourceRequest.WithoutNulls(TextColumns ?? [], "source.table.textColumns"),
        MetadataColumns = JobSourceRequest.WithoutNulls(MetadataColumns ?? [], "source.table.metadataColumns"),
        Where = Where,
        SinceColumn = SinceColumn,
        Since = Since,
    };
}
