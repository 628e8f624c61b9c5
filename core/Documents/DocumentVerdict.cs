namespace Quiver.Core.Documents;

/// <summary>What is to be done about a document.</summary>
internal enum DocumentVerdict
{
    /// <summary>Chunk, embed, upsert.</summary>
    Store = 1,

    /// <summary>The collection holds it.</summary>
    Unchanged = 2,

    /// <summary>This very job stored it before it was interrupted.</summary>
    StoredBefore = 3,

    /// <summary>Its derived id belongs to another source's document.</summary>
    Conflict = 4,
}
