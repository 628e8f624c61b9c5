namespace Quiver.Core.Collections;

/// <summary>Reads page tokens that are point ids.</summary>
internal static class PageTokens
{
    /// <summary>The id, or null for the first page.</summary>
    /// <exception cref="InvalidRequestException">With <see cref="ErrorCodes.InvalidOption"/>.</exception>
    public static Guid? ParseId(string? token) => token switch
    {
        null => null,
        _ when Guid.TryParse(token, out var id) => id,
        _ => throw new InvalidRequestException(ErrorCodes.InvalidOption, $"'{token}' is no page token: pass on what the page before gave as next."),
    };
}
