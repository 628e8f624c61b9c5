using System.Net;
using System.Text.RegularExpressions;

namespace Quiver.Adapters.Embeddings.OpenAI;

/// <summary>
/// An answer that is not JSON. Providers answer in JSON, so it comes from something in between: a proxy, a firewall, a gateway in front of the
/// service, or the login page of a network; or the address is that of a web page.
/// </summary>
/// <param name="Description">The answer in words, with status, content type, and the title of the page or the start of the text.</param>
internal sealed partial record ForeignAnswer(string Description)
{
    private const int MaxTitle = 100;

    /// <summary>Whether the media type is that of a page. Some services have it for JSON as well.</summary>
    public static bool IsPage(HttpResponseMessage response) =>
        response.Content.Headers.ContentType?.MediaType is { } type && (type.EndsWith("/html", StringComparison.OrdinalIgnoreCase) || type.EndsWith("/xhtml+xml", StringComparison.OrdinalIgnoreCase));

    /// <summary>Describes an answer; null when it is JSON, or empty.</summary>
    /// <param name="settings">The provider.</param>
    /// <param name="response">The answer's head.</param>
    /// <param name="text">The start of its body.</param>
    /// <param name="body">The same, read.</param>
    public static ForeignAnswer? Find(OpenAISettings settings, HttpResponseMessage response, string text, ErrorBody body)
    {
        if (body.IsJson || string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        var isPage = IsPage(response) || text.AsSpan().TrimStart("\ufeff \t\r\n").StartsWith("<");
        var said = settings.Redact(isPage ? WebUtility.HtmlDecode(Title().Match(text).Groups["title"].Value) : text, MaxTitle);
        List<string> facts = [response.Content.Headers.ContentType?.MediaType ?? "no content type"];
        if (said.Length > 0)
        {
            facts.Add($"{(isPage ? "title " : "")}\"{said}\"");
        }

        if (settings.Redact(response.Headers.Server.ToString(), MaxTitle) is { Length: > 0 } server)
        {
            facts.Add($"server {server}");
        }

        return new($"answered {(int)response.StatusCode} with {(isPage ? "a page" : "text")} instead of JSON ({string.Join(", ", facts)})");
    }

    [GeneratedRegex(@"<title[^>]*>\s*(?<title>[^<]*?)\s*</title", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Title();
}
