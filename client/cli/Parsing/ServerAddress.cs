using Quiver.Client.Http;

namespace Quiver.Cli.Parsing;

/// <summary>Parses addresses.</summary>
internal static class ServerAddress
{
    /// <summary>Parses <c>--server</c>; null stays null.</summary>
    /// <exception cref="InvalidRequestException">It is not an absolute http or https address.</exception>
    public static Uri? Parse(string? text) => text is null ? null : IsHttp(text, out var uri)
        ? uri
        : throw new InvalidRequestException(ErrorCodes.InvalidOption, $"--server takes an address such as http://127.0.0.1:7700, not '{ServerCredentials.HideIn(text)}'.");

    /// <summary>Parses <c>--urls</c>: addresses separated by <c>;</c> or <c>,</c>; the host may be <c>*</c> or <c>+</c>.</summary>
    /// <exception cref="InvalidRequestException">One of them is not an http or https address.</exception>
    public static ImmutableArray<string> ParseListeners(string text)
    {
        var urls = text.Split([';', ','], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        foreach (var url in urls)
        {
            if (!IsHttp(url.Replace("://*", "://any", StringComparison.Ordinal).Replace("://+", "://any", StringComparison.Ordinal), out _))
            {
                throw new InvalidRequestException(ErrorCodes.InvalidOption, $"--urls takes addresses such as http://127.0.0.1:7700, not '{ServerCredentials.HideIn(url)}'.");
            }
        }

        return urls.Length > 0
            ? [.. urls]
            : throw new InvalidRequestException(ErrorCodes.InvalidOption, "--urls takes at least one address such as http://127.0.0.1:7700.");
    }

    private static bool IsHttp(string text, out Uri? uri) =>
        Uri.TryCreate(text, UriKind.Absolute, out uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps);
}
