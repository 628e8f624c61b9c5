namespace Quiver.Cli.Commands;

/// <summary>Pages through listings.</summary>
internal static class Listing
{
    /// <summary>The most items that one command keeps in memory.</summary>
    public const int Most = 10_000;

    /// <summary>All items up to <see cref="Most"/> as one page, whose cursor tells of the rest.</summary>
    public static async Task<Page<T>> AllAsync<T>(Func<string?, Task<Page<T>>> read, string? after)
    {
        var items = ImmutableArray.CreateBuilder<T>();
        do
        {
            var page = await read(after);
            items.AddRange(page.Items);
            after = page.Next;
        }
        while (after is not null && items.Count < Most);
        return new() { Items = items.ToImmutable(), Next = after };
    }
}
