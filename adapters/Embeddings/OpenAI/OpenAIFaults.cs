using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Quiver.Core.Resilience;

namespace Quiver.Adapters.Embeddings.OpenAI;

/// <summary>Classifies the failures of a provider.</summary>
internal static class OpenAIFaults
{
    private const int SiteIsOverloaded = 529;
    private const int MaxDetail = 300;
    private const string RetryAfterMilliseconds = "retry-after-ms";

    // Jobs, searches and tests of a provider show these errors.
    private const string ThenRetry = "then try again (a failed job: quiver jobs retry, or POST /v1/jobs/ID/retry)";

    /// <summary>Classifies an answer other than success.</summary>
    /// <param name="settings">The provider.</param>
    /// <param name="response">The answer's head.</param>
    /// <param name="body">The start of its body.</param>
    /// <param name="now">The time, for delays given as a date.</param>
    public static QuiverException FromResponse(OpenAISettings settings, HttpResponseMessage response, string body, DateTimeOffset now)
    {
        var status = (int)response.StatusCode;
        var (code, message) = Read(body);
        var detail = Detail(settings, message);
        return response.StatusCode switch
        {
            // Waiting does not help with an empty account.
            HttpStatusCode.TooManyRequests when code == "insufficient_quota" => new PermanentException(
                ErrorCodes.ProviderQuotaExhausted, $"The quota of the account at the provider {settings.Name} is exhausted: top it up, {ThenRetry}.{detail}"),
            HttpStatusCode.TooManyRequests => new ThrottledException(
                ErrorCodes.ProviderThrottled, $"The provider {settings.Name} throttles requests (429).{detail}")
            { RetryAfter = RetryAfter(response.Headers, now) },

            // The detail is left out: it may repeat the key.
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new PermanentException(
                ErrorCodes.ProviderDenied,
                $"The provider {settings.Name} refuses {(settings.Key is null ? "requests without an API key" : "the API key")} ({status}): "
                + $"{settings.KeyRemedy}, {ThenRetry}."),
            HttpStatusCode.PaymentRequired => new PermanentException(
                ErrorCodes.ProviderQuotaExhausted,
                $"The quota of the account at the provider {settings.Name} is exhausted (402): top it up, {ThenRetry}.{detail}"),
            HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.UnprocessableEntity => new InvalidDocumentException(
                ErrorCodes.RefusedText, $"The provider {settings.Name} refuses a text ({status}).{detail}"),
            HttpStatusCode.RequestTimeout or HttpStatusCode.Conflict or HttpStatusCode.FailedDependency or (HttpStatusCode)SiteIsOverloaded => Unavailable(),
            >= HttpStatusCode.InternalServerError => Unavailable(),
            _ => new PermanentException(
                ErrorCodes.ModelUnavailable,
                $"The provider {settings.Name} has no model {settings.Model} at {settings.Endpoint} ({status}): "
                + $"set Quiver:Providers:{settings.Name}:Model and BaseAddress to a model that it serves.{detail}"),
        };

        TransientException Unavailable() => new(ErrorCodes.ProviderUnavailable, $"The provider {settings.Name} failed ({status}).{detail}")
        {
            RetryAfter = RetryAfter(response.Headers, now),
        };
    }

    /// <summary>Classifies a request without an answer, or with half of one.</summary>
    /// <param name="settings">The provider.</param>
    /// <param name="exception">How it ended.</param>
    public static TransientException FromConnection(OpenAISettings settings, Exception exception) =>
        new(
            ErrorCodes.ProviderUnavailable,
            $"The provider {settings.Name} is unreachable at {settings.Endpoint.GetLeftPart(UriPartial.Authority)}: {exception.Message}",
            exception);

    /// <summary>The delay that the service asks for, in milliseconds, in seconds, or until a date; null when it asks for none.</summary>
    private static TimeSpan? RetryAfter(HttpResponseHeaders headers, DateTimeOffset now)
    {
        if (headers.TryGetValues(RetryAfterMilliseconds, out var values)
            && double.TryParse(values.FirstOrDefault(), NumberStyles.Float, CultureInfo.InvariantCulture, out var milliseconds)
            && milliseconds is >= 0 and < int.MaxValue)
        {
            return RetrySchedule.Clamp(TimeSpan.FromMilliseconds(milliseconds));
        }

        return (headers.RetryAfter?.Delta ?? (headers.RetryAfter?.Date - now)) is { } delay ? RetrySchedule.Clamp(delay) : null;
    }

    private static string Detail(OpenAISettings settings, string? message)
    {
        if (string.IsNullOrWhiteSpace(message))
        {
            return "";
        }

        foreach (var secret in settings.Headers.Select(header => header.Value).Append(settings.Key).OfType<string>().Where(secret => secret.Length > 0))
        {
            message = message.Replace(secret, "***", StringComparison.Ordinal);
        }

        var line = string.Concat(message.ReplaceLineEndings(" ").Where(character => !char.IsControl(character))).Trim();
        return $" Its message: {(line.Length > MaxDetail ? line[..MaxDetail] + "…" : line)}";
    }

    /// <summary>Services put the message into <c>error.message</c>, <c>error</c>, <c>message</c> or <c>detail</c>.</summary>
    private static (string? Code, string? Message) Read(string body)
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
