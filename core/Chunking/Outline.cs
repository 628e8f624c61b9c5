namespace Quiver.Core.Chunking;

/// <summary>
/// An entry of a document's outline: a heading, the head of a table, or in code a type, a function or a key, with everything that it is in.
/// Compared by value.
/// </summary>
/// <param name="Heading">Its text, on one line.</param>
/// <param name="Level">Its depth: an entry ends where one of the same or a lower level begins.</param>
/// <param name="Above">The entry that it is in; null for none.</param>
public sealed record Outline(string Heading, int Level, Outline? Above)
{
    /// <summary>The texts from the outermost entry to this one.</summary>
    public ImmutableArray<string> ToPath()
    {
        var path = ImmutableArray.CreateBuilder<string>();
        for (var entry = this; entry is not null; entry = entry.Above)
        {
            path.Add(entry.Heading);
        }

        path.Reverse();
        return path.DrainToImmutable();
    }

    /// <summary>The innermost entry below a level.</summary>
    /// <param name="from">Where to start; null for nothing.</param>
    /// <param name="level">The level that ends an entry.</param>
    internal static Outline? Leave(Outline? from, int level)
    {
        while (from is not null && from.Level >= level)
        {
            from = from.Above;
        }

        return from;
    }
}
