using System.Net;
using System.Text.Json;

namespace Quiver.Adapters.Embeddings.OpenAI;

/// <summary>The one place that says what a provider's failures mean.</summary>
internal static class OpenAIFaults
{
    private const int SiteIsOverloaded = 529;
    private const int LongestDetail = 300;

    // Jobs, searches and tests of a provider meet these errors.
    private const string ThenAgain = "then try again (a job that failed: quiver jobs retry)";

    /// <summary>What an answer other than success means.</summary>
    /// <param name="settings">The provider.</param>
    /// <param name="response">The answer's head.</param>
    /// <param name="body">The begin of its body.</param>
    /// <param name="now">The time, for waits given as a date.</param>
    public static QuiverException FromResponse(OpenAISettings settings, HttpResponseMessage response, string body, DateTimeOffset now)
    {
        var status = (int)response.StatusCode;
        var (code, said) = Read(body);
        var detail = Detail(settings, said);
        return response.StatusCode switch
        {
            // No waiting mends an empty account.
            HttpStatusCode.TooManyRequests when code == "insufficient_quota" => new PermanentException(
                ErrorCodes.ProviderQuotaExhausted, $"The account of the provider {settings.Name} has nothing left to spend: top it up, {ThenAgain}.{detail}"),
            HttpStatusCode.TooManyRequests => new ThrottledException(
                ErrorCodes.ProviderThrottled, $"The provider {settings.Name} asks for fewer requests (429).{detail}")
            { RetryAfter = RetryAfterHeader.Read(response.Headers, now) },

            // What is said about a key may repeat it.
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new PermanentException(
                ErrorCodes.ProviderDenied,
                $"The provider {settings.Name} refuses {(settings.Key is null ? "requests without a key" : "the key")} ({status}): {settings.KeyRemedy}, {ThenAgain}."),
            HttpStatusCode.PaymentRequired => new PermanentException(
                ErrorCodes.ProviderQuotaExhausted, $"The account of the provider {settings.Name} has nothing left to spend (402): top it up, {ThenAgain}.{detail}"),
            HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.UnprocessableEntity => new InvalidDocumentException(
                ErrorCodes.RefusedText, $"The provider {settings.Name} refuses a text ({status}).{detail}"),
            HttpStatusCode.RequestTimeout or HttpStatusCode.Conflict or HttpStatusCode.FailedDependency or (HttpStatusCode)SiteIsOverloaded => Unavailable(),
            >= HttpStatusCode.InternalServerError => Unavailable(),
            _ => new PermanentException(
                ErrorCodes.ModelUnavailable,
                $"The provider {settings.Name} has no model {settings.Model} at {settings.Endpoint} ({status}): set Quiver:Providers:{settings.Name}:Model and BaseAddress to what it serves.{detail}"),
        };

        TransientException Unavailable() => new(ErrorCodes.ProviderUnavailable, $"The provider {settings.Name} failed ({status}).{detail}")
        {
            RetryAfter = RetryAfterHeader.Read(response.Headers, now),
        };
    }

    /// <summary>What a request means that got no answer, or half of one.</summary>
    /// <param name="settings">The provider.</param>
    /// <param name="error">How it ended.</param>
    public static TransientException FromConnection(OpenAISettings settings, Exception error) =>
        new(ErrorCodes.ProviderUnavailable, $"The provider {settings.Name} cannot be reached at {settings.Endpoint.GetLeftPart(UriPartial.Authority)}: {error.Message}", error);

    private static string Detail(OpenAISettings settings, string? said)
    {
        if (string.IsNullOrWhiteSpace(said))
        {
            return "";
        }

        foreach (var secret in settings.Headers.Select(header => header.Value).Append(settings.Key).OfType<string>().Where(secret => secret.Length > 0))
        {
            said = said.Replace(secret, "***", StringComparison.Ordinal);
        }

        var line = string.Concat(said.ReplaceLineEndings(" ").Where(character => !char.IsControl(character))).Trim();
        return $" It says: {(line.Length > LongestDetail ? line[..LongestDetail] + "…" : line)}";
    }

    /// <summary>Services say it as <c>error.message</c>, <c>error</c>, <c>message</c> or <c>detail</c>.</summary>
    private static (string? Code, string? Said) Read(string body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            var root = json.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                return (null, null);
            }

            var error = root.TryGetProperty("error", out var inner) && inner.ValueKind == JsonValueKind.Object ? inner : root;
            return (Text(error, "code") ?? Text(error, "type"), Text(error, "message") ?? Text(root, "error") ?? Text(root, "detail"));
        }
        catch (JsonException)
        {
            return (null, body);
        }
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
