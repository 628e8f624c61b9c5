using System.Globalization;
using System.Runtime.CompilerServices;
using Quiver.Core.Ledger;

namespace Quiver.Adapters.Storage.Ledger;

/// <summary>The ranges that the ledger's port states.</summary>
internal static class LedgerArguments
{
    private const int MaxBatch = 1000;
    private const int HashBytes = 32;

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

    /// <summary>What is recorded as stored has a hash.</summary>
    public static void CheckHashes(IReadOnlyList<DocumentRecord> documents)
    {
        foreach (var document in documents)
        {
            if (document.ContentHash is not { Length: HashBytes })
            {
                throw new ArgumentException($"Document '{document.Id}' needs a content hash of {HashBytes} bytes to be recorded as stored.", nameof(documents));
            }
        }
    }

    /// <summary>A page token that is an ordinal; −1 for the first page.</summary>
    public static long ParseOrdinal(string? after) =>
        after is null ? -1
        : long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out var ordinal) ? ordinal
        : throw BadToken(after);

    /// <summary>A page token that is a name; null for the first page.</summary>
    public static void CheckName(string? after)
    {
        if (after is not null && !NameValidator.IsValid(after))
        {
            throw BadToken(after);
        }
    }

    public static InvalidRequestException BadToken(string token) =>
        new(ErrorCodes.InvalidOption, $"'{token}' is not a page token: pass the 'next' of the page before as it is, or nothing for the first page.");
}
