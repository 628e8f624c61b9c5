namespace Quiver.GrainInterfaces.Collections;

/// <summary>Writes the context of a chunk on one line: <c>Guide > Installation > Linux</c>.</summary>
public static class ContextPath
{
    /// <summary>Between two parts.</summary>
    public const string Separator = " > ";

    /// <summary>The title and the headings below it; empty for none of them. A first heading that repeats the title is left out.</summary>
    /// <param name="title">The document's title; null for none.</param>
    /// <param name="headings">The headings, outermost first.</param>
    public static string Write(string? title, ImmutableArray<string> headings)
    {
        var path = headings.IsDefault ? [] : headings.AsEnumerable();
        return string.Join(Separator, title is null ? path : path.Take(1).Contains(title) ? path : path.Prepend(title));
    }
}
