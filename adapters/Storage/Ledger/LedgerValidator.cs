using System.Globalization;
using System.Runtime.CompilerServices;
using Quiver.Core.Ledger;

namespace Quiver.Adapters.Storage.Ledger;

/// <summary>The limits and preconditions of <see cref="ILedger"/>, checked the same way by every ledger.</summary>
internal static class LedgerValidator
{
    private const int HashBytes = 32;

    /// <summary>Rejects a page size out of range, which is an error of the request.</summary>
    /// <exception cref="InvalidRequestException">With <see cref="ErrorCodes.InvalidOption"/>.</exception>
    public static void CheckLimit(int limit) => PageSize.Require(limit);

    /// <summary>Rejects a batch that is too large, which is an error of the caller.</summary>
    public static void CheckBatch<T>(IReadOnlyList<T> items, [CallerArgumentExpression(nameof(items))] string? name = null)
    {
        ArgumentNullException.ThrowIfNull(items, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(items.Count, PageSize.Max, name);
    }

    /// <summary>Rejects stored documents without a content hash.</summary>
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

    /// <summary>Parses a page token that is an ordinal; −1 for the first page.</summary>
    public static long ParseOrdinal(string? after) =>
        after is null ? -1
        : long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out var ordinal) ? ordinal
        : throw InvalidToken(after);

    /// <summary>Rejects a page token that is not a name; null is the first page.</summary>
    public static void CheckName(string? after)
    {
        if (after is not null && !NameValidator.IsValid(after))
        {
            throw InvalidToken(after);
        }
    }

    public static InvalidRequestException InvalidToken(string token) =>
        new(ErrorCodes.InvalidOption, $"'{token}' is not a page token: pass the 'next' of the previous page unchanged, or nothing for the first page.");
}
