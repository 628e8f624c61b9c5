namespace Quiver.GrainInterfaces.Jobs;

/// <summary>What a job reads of a database: a table or a view, row by row in the order of its key.</summary>
[GenerateSerializer, Immutable, Alias("quiver.table-spec.v1")]
public sealed record TableSpec
{
    /// <summary>The schema. Default: <c>public</c>.</summary>
    [Id(0)]
    public string Schema { get; init; } = "public";

    /// <summary>The table or view, spelled as the catalogue has it.</summary>
    [Id(1)]
    public required string Name { get; init; }

    /// <summary>The columns that tell rows apart and that order them; never null. Empty takes the primary key, which a view does not have. At most 16.</summary>
    [Id(2)]
    public ImmutableArray<string> KeyColumns { get; init; } = [];

    /// <summary>The columns that are a document's id. Empty derives ids from the table's name and its key. At most 16.</summary>
    [Id(3)]
    public ImmutableArray<string> IdColumns { get; init; } = [];

    /// <summary>The columns that hold the text, joined by blank lines; those that are null are left out. Empty takes <c>text</c>. At most 16.</summary>
    [Id(4)]
    public ImmutableArray<string> TextColumns { get; init; } = [];

    /// <summary>The columns kept beside the text. Default: none. At most 61.</summary>
    [Id(5)]
    public ImmutableArray<string> MetadataColumns { get; init; } = [];

    /// <summary>A condition in the database's SQL that rows must meet, without parameters, comments and semicolons; null takes all. At most 4,096 characters.</summary>
    [Id(6)]
    public string? Where { get; init; }

    /// <summary>The column that <see cref="Since"/> is a bound of; null together with it.</summary>
    [Id(7)]
    public string? SinceColumn { get; init; }

    /// <summary>The least value of <see cref="SinceColumn"/>, included, as the database writes it; rows below it, and without a value, are not read.</summary>
    [Id(8)]
    public string? Since { get; init; }

    /// <summary>Whether both name the same; lists are compared by what they hold.</summary>
    /// <param name="other">The other one.</param>
    public bool Equals(TableSpec? other) =>
        other is not null
        && (Schema, Name, Where, SinceColumn, Since) == (other.Schema, other.Name, other.Where, other.SinceColumn, other.Since)
        && Same(KeyColumns, other.KeyColumns)
        && Same(IdColumns, other.IdColumns)
        && Same(TextColumns, other.TextColumns)
        && Same(MetadataColumns, other.MetadataColumns);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Schema, Name, Where, SinceColumn, Since);

    private static bool Same(ImmutableArray<string> one, ImmutableArray<string> other) => one.AsSpan().SequenceEqual(other.AsSpan());
}
