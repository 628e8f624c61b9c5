namespace Quiver.GrainInterfaces;

/// <summary>A page of a listing.</summary>
/// <typeparam name="T">The item type.</typeparam>
[GenerateSerializer, Immutable, Alias("quiver.page.v1`1")]
public sealed record Page<T>
{
    /// <summary>The items, in the listing's order.</summary>
    [Id(0)] public required ImmutableArray<T> Items { get; init; }

    /// <summary>The token of the next page; null on the last.</summary>
    [Id(1)] public string? Next { get; init; }
}

/// <summary>The limit on page sizes, for every listing.</summary>
public static class PageSize
{
    /// <summary>The maximum page size.</summary>
    public const int Max = 1000;

    /// <summary>Returns <paramref name="limit"/> when it is 1 to <see cref="Max"/>.</summary>
    /// <exception cref="InvalidRequestException">With <see cref="ErrorCodes.InvalidOption"/>.</exception>
    public static int Require(int limit) =>
        limit is >= 1 and <= Max
            ? limit
            : throw new InvalidRequestException(ErrorCodes.InvalidOption, $"A page has 1 to {Max} items, not {limit}.");
}

/// <summary>Page tokens that are point ids.</summary>
public static class PageToken
{
    /// <summary>Returns the id, or null for the first page.</summary>
    /// <exception cref="InvalidRequestException">With <see cref="ErrorCodes.InvalidOption"/>.</exception>
    public static Guid? ParseId(string? token) =>
        token is null ? null : Guid.TryParse(token, out var id) ? id : throw Invalid(token);

    /// <summary>The error of a token that no page returned.</summary>
    public static InvalidRequestException Invalid(string token) =>
        new(ErrorCodes.InvalidOption, $"'{token}' is not a page token: pass the value that the previous page returned as next.");
}
