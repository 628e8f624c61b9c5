namespace Quiver.Core.Vectors;

/// <summary>Names of payload fields in every store; metadata fields stand beside them and never use these names.</summary>
public static class PayloadFields
{
    /// <summary>The tenant.</summary>
    public const string Tenant = "tenant_id";

    /// <summary>The tenant's collection.</summary>
    public const string Collection = "collection";

    /// <summary>The document.</summary>
    public const string DocumentId = "document_id";

    /// <summary>The chunk's number.</summary>
    public const string Chunk = "chunk";

    /// <summary>The chunk's text.</summary>
    public const string Text = "text";

    /// <summary>First character.</summary>
    public const string StartChar = "start_char";

    /// <summary>One past the last character.</summary>
    public const string EndChar = "end_char";

    /// <summary>First line.</summary>
    public const string StartLine = "start_line";

    /// <summary>Last line.</summary>
    public const string EndLine = "end_line";

    /// <summary>The job's generation.</summary>
    public const string Generation = "generation";

    /// <summary>The activation's epoch.</summary>
    public const string Epoch = "epoch";

    /// <summary>When it was stored.</summary>
    public const string IndexedAt = "indexed_at";

    /// <summary>All of them.</summary>
    public static ImmutableHashSet<string> Reserved { get; } =
        [Tenant, Collection, DocumentId, Chunk, Text, StartChar, EndChar, StartLine, EndLine, Generation, Epoch, IndexedAt];
}
