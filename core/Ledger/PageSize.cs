namespace Quiver.Core.Ledger;

/// <summary>The one rule for sizes of pages.</summary>
public static class PageSize
{
    /// <summary>The largest page.</summary>
    public const int Max = 1000;

    /// <summary>Returns <paramref name="limit"/> when it is 1 to 1,000.</summary>
    /// <param name="limit">The size asked for.</param>
    /// <exception cref="InvalidRequestException">With <see cref="ErrorCodes.InvalidOption"/>.</exception>
    public static int Require(int limit) =>
        limit is >= 1 and <= Max
            ? limit
            : throw new InvalidRequestException(ErrorCodes.InvalidOption, $"A page has 1 to {Max} items, not {limit}.");
}
