using System.Globalization;
using System.Net;
using Quiver.Core.Embedding.Providers;

namespace Quiver.Adapters.Embeddings.OpenAI;

/// <summary>Classifies the answers of a provider other than success; <see cref="ConnectionFaults"/> classifies requests without an answer.</summary>
internal static class OpenAIFaults
{
    /// <summary>The end of a sentence that says what to change. Jobs, searches and tests of a provider show it.</summary>
    public const string ThenRetry = "then try again (a failed job: quiver jobs retry, or POST /v1/jobs/ID/retry)";

    private const int SiteIsOverloaded = 529;
    private const int MaxDetail = 300;
    private const int MaxLocation = 200;
    private const string EndpointPath = "/embeddings";

    /// <summary>Classifies an answer.</summary>
    /// <param name="settings">The provider.</param>
    /// <param name="response">The answer's head; of status 200 when its body is an error, or no JSON.</param>
    /// <param name="text">The start of its body.</param>
    /// <param name="texts">Texts in the request.</param>
    /// <param name="proxy">The proxy between Quiver and the provider; null for none.</param>
    /// <param name="now">The time, for waits given as a date.</param>
    public static QuiverException FromResponse(OpenAISettings settings, HttpResponseMessage response, string text, int texts, Uri? proxy, DateTimeOffset now)
    {
        var body = ErrorBody.Read(text);
        var foreign = ForeignAnswer.Find(settings, response, text, body);
        var answer = new Answer(settings, response, body, foreign, texts, foreign is null ? Detail(settings, body.Message) : $" It {foreign.Description}.", now);
        var status = response.StatusCode == HttpStatusCode.OK && body.Status is { } inner ? (HttpStatusCode)inner : response.StatusCode;
        return status switch
        {
            HttpStatusCode.ProxyAuthenticationRequired => ConnectionFaults.ProxyWithoutCredentials(settings, proxy, null),
            HttpStatusCode.OK => Garbled(answer),
            >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest => Redirect(answer),
            HttpStatusCode.TooManyRequests => TooManyRequests(answer),
            HttpStatusCode.PaymentRequired => NoCredit(answer),
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => Denied(answer),
            HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.UnprocessableEntity => Refused(answer),
            HttpStatusCode.InternalServerError when OfOneText(answer) is { } fault => fault,
            HttpStatusCode.RequestTimeout or HttpStatusCode.Conflict or HttpStatusCode.FailedDependency or (HttpStatusCode)SiteIsOverloaded => Unavailable(answer),
            >= HttpStatusCode.InternalServerError => Unavailable(answer),
            _ => NoModel(answer),
        };
    }

    /// <summary>An answer of status 200 without vectors.</summary>
    private static TransientException Garbled(Answer answer) => answer.Foreign is null
        ? new(ErrorCodes.InvalidEmbedding, $"The provider {answer.Name} returned an error with status 200.{answer.Detail}")
        : new(
            ErrorCodes.ProviderUnavailable,
            $"{answer.Host} {answer.Foreign.Description}: the provider {answer.Name} is not what answered. Something in between did, such as a proxy, a firewall or "
            + $"the login page of a network, or {answer.BaseAddress} is the address of a web page: correct it.");

    private static PermanentException Redirect(Answer answer)
    {
        var location = answer.Response.Headers.Location;
        if (location is null)
        {
            return new(
                ErrorCodes.ModelUnavailable,
                $"{answer.Host} redirects requests for the provider {answer.Name} ({answer.Status}) without saying where: set {answer.BaseAddress} to the service's address.{answer.Detail}");
        }

        // User and query may contain a secret.
        var target = location.IsAbsoluteUri ? location : new Uri(answer.Settings.Endpoint, location);
        var path = target.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);
        var address = path.EndsWith(EndpointPath, StringComparison.Ordinal) ? path[..^EndpointPath.Length] : null;
        return new(
            ErrorCodes.ModelUnavailable,
            $"{answer.Host} redirects requests for the provider {answer.Name} to {answer.Settings.Redact(path, MaxLocation)} ({answer.Status}). Quiver does not follow, "
            + "because it would send texts and API key there. "
            + (address is not null
                ? $"If this is the service's address, set {answer.BaseAddress} to {answer.Settings.Redact(address, MaxLocation)}, {ThenRetry}."
                : $"If it is the login page of a network or a proxy, log in there; otherwise set {answer.BaseAddress} to the service's address, {ThenRetry}."));
    }

    private static QuiverException TooManyRequests(Answer answer)
    {
        // Waiting does not help with an empty account, nor with a request that is larger than the limit of a minute.
        if (IsOutOfCredit(answer.Body))
        {
            return NoCredit(answer);
        }

        if (LimitReader.FindTooLarge(answer.Body.Message, answer.Texts) is { } tooLarge)
        {
            return OverLimit(answer, tooLarge);
        }

        var from = answer.Foreign is null ? $"The provider {answer.Name}" : $"{answer.Host}, in front of the provider {answer.Name},";
        var wait = WaitReader.Read(answer.Response.Headers, answer.Body, answer.Now);
        if (wait.Reset is not { } reset)
        {
            return new ThrottledException(ErrorCodes.ProviderThrottled, $"{from} throttles requests ({answer.Status}).{answer.Detail}") { RetryAfter = wait.Delay };
        }

        var at = reset.At.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
        return new ThrottledException(
            ErrorCodes.ProviderQuotaSpent,
            (reset.Source is { } source
                ? $"{from} allows no more requests until {at}: its {reset.Period} is used up ({answer.Status}) and resets {source}. "
                : $"{from} allows no more requests: its {reset.Period} is used up ({answer.Status}). It does not say when the quota resets, so Quiver tries again at {at}. ")
            + $"To continue earlier, raise the quota at the provider.{answer.Detail}")
        {
            RetryAfter = reset.At - answer.Now,
        };
    }

    private static PermanentException NoCredit(Answer answer) => new(
        ErrorCodes.ProviderQuotaExhausted,
        $"The quota of the account at the provider {answer.Name} is exhausted ({answer.Status}): top it up, {ThenRetry}.{answer.Detail}");

    private static PermanentException Denied(Answer answer)
    {
        if (answer.Foreign is { } foreign)
        {
            return new(
                ErrorCodes.ProviderUnavailable,
                $"{answer.Host} {foreign.Description}: something between Quiver and the provider {answer.Name} denies access, such as a proxy, a firewall or a gateway. "
                + $"This says nothing about the API key. Allow requests to {answer.Settings.Endpoint} there, or correct {answer.BaseAddress}, {ThenRetry}.");
        }

        return IsOutOfCredit(answer.Body) ? NoCredit(answer)
            : IsUnknownModel(answer.Body) ? NoModel(answer)
            : answer.Body.Has("unsupported_country_region_territory") ? NotHere(answer)
            : KeyRefused(answer);
    }

    // The detail is left out: it may repeat the key.
    private static PermanentException KeyRefused(Answer answer) => new(
        ErrorCodes.ProviderDenied,
        $"The provider {answer.Name} refuses {(answer.Settings.Key is null ? "requests without an API key" : "the API key")} ({answer.Status}): "
        + $"{answer.Settings.KeyRemedy}, {ThenRetry}.");

    private static PermanentException NotHere(Answer answer) => new(
        ErrorCodes.ProviderDenied, $"The provider {answer.Name} does not serve the country that this machine's requests come from ({answer.Status}).{answer.Detail}");

    private static QuiverException Refused(Answer answer)
    {
        // Google answers 400 here.
        if (answer.Body.Has("API_KEY_INVALID") || answer.Body.Says("API key not valid", "API key expired"))
        {
            return KeyRefused(answer);
        }

        if (answer.Body.Says("location is not supported"))
        {
            return NotHere(answer);
        }

        if (IsOutOfCredit(answer.Body))
        {
            return NoCredit(answer);
        }

        if (IsUnknownModel(answer.Body))
        {
            return NoModel(answer);
        }

        if (LimitReader.Find(answer.Body.Message, answer.Texts) is { } limits)
        {
            return OverLimit(answer, limits);
        }

        return answer.Foreign is null
            ? new InvalidDocumentException(ErrorCodes.RefusedText, $"The provider {answer.Name} refuses a text ({answer.Status}).{answer.Detail}")
            : RefusedInBetween(answer, answer.Foreign);
    }

    /// <summary>
    /// A proxy or firewall refuses a request. No text is at fault, unless the request is too large for it: then smaller ones may pass.
    /// </summary>
    private static QuiverException RefusedInBetween(Answer answer, ForeignAnswer foreign)
    {
        var sentence = $"{answer.Host} {foreign.Description}: something between Quiver and the provider {answer.Name} refuses the request, such as a proxy, a firewall or a gateway.";
        return answer.Response.StatusCode == HttpStatusCode.RequestEntityTooLarge
            ? new InvalidDocumentException(ErrorCodes.RefusedText, sentence)
            : new PermanentException(
                ErrorCodes.ProviderUnavailable,
                $"{sentence} This says nothing about the texts. Allow requests to {answer.Settings.Endpoint} there, or correct {answer.BaseAddress}, {ThenRetry}.");
    }

    /// <summary>A 500 that one text causes, in the words of llama.cpp, LM Studio and Ollama: a retry cannot help, other texts can pass.</summary>
    private static QuiverException? OfOneText(Answer answer) =>
        LimitReader.Find(answer.Body.Message, answer.Texts) is { } limits ? OverLimit(answer, limits)
        : answer.Body.Says("exceeds the context length", "exceeds maximum context length", "too large to process")
            ? new InvalidDocumentException(ErrorCodes.RefusedText, $"The provider {answer.Name} refuses a text as too long ({answer.Status}).{answer.Detail}")
        : answer.Body.Says("unsupported value: NaN", "unsupported value: +Inf", "unsupported value: -Inf")
            ? new InvalidDocumentException(
                ErrorCodes.InvalidEmbedding, $"The model of the provider {answer.Name} made a vector for a text that is not finite ({answer.Status}).{answer.Detail}")
        : null;

    private static ProviderLimitException OverLimit(Answer answer, StatedLimits limits)
    {
        var parts = new[]
        {
            (limits.MaxInputs, "texts in a request"),
            (limits.MaxTokensPerRequest, "tokens in a request"),
            (limits.MaxTokensPerInput, "tokens in a text"),
        }.Where(static part => part.Item1 is not null).Select(static part => $"{part.Item1} {part.Item2}");
        return new($"The provider {answer.Name} accepts at most {string.Join(" and ", parts)} ({answer.Status}).{answer.Detail}", limits);
    }

    private static TransientException Unavailable(Answer answer) => new(
        ErrorCodes.ProviderUnavailable,
        answer.Foreign is { } foreign
            ? $"{answer.Host} {foreign.Description}: the provider {answer.Name} is down, or something in between, such as a proxy or a gateway, does not reach it."
            : $"The provider {answer.Name} failed ({answer.Status}).{answer.Detail}",
        answer is { Foreign: null, Response.StatusCode: HttpStatusCode.InternalServerError } ? new ServerErrorException() : null)
    {
        RetryAfter = WaitReader.FindDelay(answer.Response.Headers, answer.Body, answer.Now),
    };

    private static PermanentException NoModel(Answer answer) => new(
        ErrorCodes.ModelUnavailable,
        answer.Foreign is { } foreign
            ? $"{answer.Host} {foreign.Description}: {answer.Settings.Endpoint} is not the provider's API, or something in between answered. "
                + $"Set {answer.BaseAddress} to the service's address, {ThenRetry}."
            : $"The provider {answer.Name} has no model {answer.Settings.Model} at {answer.Settings.Endpoint} ({answer.Status}): "
                + $"set Quiver:Providers:{answer.Name}:Model and BaseAddress to a model that it serves.{answer.Detail}");

    private static bool IsOutOfCredit(ErrorBody body) =>
        body.Has("insufficient_quota", "insufficient_balance", "billing_hard_limit_reached", "billing_not_active")
        || body.Says("insufficient balance", "insufficient credit", "insufficient funds", "balance not enough", "credits are depleted", "credit balance is too low");

    private static bool IsUnknownModel(ErrorBody body) => body.Has("model_not_found", "invalid_model", "unsupported_model");

    private static string Detail(OpenAISettings settings, string? message) =>
        message is not null && settings.Redact(message, MaxDetail) is { Length: > 0 } line ? $" Its message: {line}" : "";

    private sealed record Answer(
        OpenAISettings Settings, HttpResponseMessage Response, ErrorBody Body, ForeignAnswer? Foreign, int Texts, string Detail, DateTimeOffset Now)
    {
        public string Name => Settings.Name;

        public string Host => Settings.Endpoint.Authority;

        public string BaseAddress => $"Quiver:Providers:{Settings.Name}:BaseAddress";

        public int Status => Response.StatusCode == HttpStatusCode.OK && Body.Status is { } inner ? inner : (int)Response.StatusCode;
    }
}
