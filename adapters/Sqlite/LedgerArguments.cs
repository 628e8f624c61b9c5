using System.Runtime.CompilerServices;

namespace Quiver.Adapters.Sqlite;

/// <summary>The ranges that the ledger's port states.</summary>
internal static class LedgerArguments
{
    private const int MaxBatch = 1000;

    /// <summary>A page's size comes from users: outside of its range it is their request that is wrong.</summary>
    public static void CheckLimit(int limit)
    {
        if (limit is < 1 or > MaxBatch)
        {
            throw new InvalidRequestException(ErrorCodes.InvalidOption, $"A page holds 1 to {MaxBatch} items, not {limit}: choose a limit in that range.");
        }
    }

    /// <summary>A batch's size is the caller's own doing.</summary>
    public static void CheckBatch<T>(IReadOnlyList<T> items, [CallerArgumentExpression(nameof(items))] string? name = null)
    {
        ArgumentNullException.ThrowIfNull(items, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(items.Count, MaxBatch, name);
    }

    public static InvalidRequestException BadToken(string token) =>
        new(ErrorCodes.InvalidOption, $"'{token}' is not a page token: pass the 'next' of the page before as it is, or nothing for the first page.");
}
