namespace Quiver.Adapters.Storage.Ledger;

/// <summary>Pages of what was read.</summary>
internal static class LedgerPages
{
    /// <summary>Makes a page of one row more than asked for: the surplus tells that there is a next one.</summary>
    public static Page<T> ToPage<T>(this ImmutableArray<T> rows, int limit, Func<T, string> token) =>
        rows.Length <= limit
            ? new() { Items = rows }
            : new() { Items = rows[..limit], Next = token(rows[limit - 1]) };
}
