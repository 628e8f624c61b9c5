using System.Text.Json.Nodes;
using Quiver.Tests.Support.Providers;

namespace Quiver.Tests.Integration.Embeddings.OpenAI;

/// <summary>One answer of a provider, and what Quiver makes of it: a row of the table in docs/providers.md.</summary>
/// <param name="Provider">A preset, or <see cref="ProviderCases.Any"/>.</param>
/// <param name="Situation">What happens, in words.</param>
/// <param name="Result">What Quiver does, in the words of <see cref="ProviderCaseTests.Describe(QuiverException)"/>.</param>
/// <param name="Reply">The answer to a request.</param>
internal sealed record ProviderCase(string Provider, string Situation, string Result, Func<ProviderRequest, ProviderReply> Reply)
{
    /// <summary>Texts in the request.</summary>
    public int Texts { get; init; } = 3;

    /// <summary>What the message must say besides: names, numbers, advice.</summary>
    public ImmutableArray<string> Says { get; init; } = [];

    /// <summary>What the message must not say.</summary>
    public ImmutableArray<string> SaysNot { get; init; } = [];
}

/// <summary>The answers that real services give, with their error bodies.</summary>
internal static class ProviderCases
{
    /// <summary>The provider of answers that any service, or something in front of it, can give.</summary>
    public const string Any = "any";

    private const string Learns100 = "accepts at most 100 texts in a request";
    private const string TriesAgain = "tries again, `provider_unavailable`";
    private const string BadAnswer = "tries again, `invalid_embedding`";
    private const string Halves = "halves the request; a text that is refused alone fails, `refused_text`";
    private const string Denied = "fails the job, `provider_denied`";
    private const string NoModel = "fails the job, `model_unavailable`";
    private const string NoCredit = "fails the job, `provider_quota_exhausted`";
    private const string NoAccess = "fails the job, `provider_unavailable`";
    private const string Counted = "stores the vectors, with the provider's count of tokens";
    private const string CountedHere = "stores the vectors, and counts the tokens itself";

    public static ImmutableArray<ProviderCase> All { get; } =
    [
        new("openai", "2,049 texts", "accepts at most 2048 texts in a request", Json(400, """
            {"error":{"message":"Invalid 'input': array too long. Expected an array with maximum length 2048, but got an array with length 2049 instead.","type":"invalid_request_error","param":"input","code":"array_above_max_length"}}
            """)) { Texts = 2049 },
        new("openai", "a text of 51,435 tokens", "accepts at most 8192 tokens in a text", Json(400, """
            {"error":{"message":"This model's maximum context length is 8192 tokens, however you requested 51435 tokens (51435 in your prompt; 0 for the completion). Please reduce your prompt; or completion length.","type":"invalid_request_error","param":null,"code":null}}
            """)) { Says = ["51435 tokens"] },
        new("openai", "a request of 453,357 tokens", "accepts at most 300000 tokens in a request", Json(400, """
            {"error":{"message":"Requested 453357 tokens, max 300000 tokens per request","type":"max_tokens_per_request","param":null,"code":"max_tokens_per_request"}}
            """)),
        new("openai", "429, a request above the tokens of a minute", "accepts at most 40000 tokens in a request", Json(429, """
            {"error":{"message":"Request too large for text-embedding-3-small in organization org-1 on tokens per min (TPM): Limit 40,000, Requested 60,000. The input or output tokens must be reduced in order to run successfully.","type":"tokens","param":null,"code":"rate_limit_exceeded"}}
            """)),
        new("openai", "429, `retry-after-ms: 1500`, `retry-after: 2`", "waits 1.5 s", Json(
            429,
            """{"error":{"message":"Rate limit reached","type":"requests","code":"rate_limit_exceeded"}}""",
            ("retry-after", "2"),
            ("retry-after-ms", "1500"))),
        new("openai", "429, `x-ratelimit-reset-requests: 1s` and `-tokens: 6m0s`, nothing remains of both", "waits 6 min", Json(
            429,
            """{"error":{"message":"Rate limit reached","type":"requests","code":"rate_limit_exceeded"}}""",
            ("x-ratelimit-remaining-requests", "0"),
            ("x-ratelimit-reset-requests", "1s"),
            ("x-ratelimit-remaining-tokens", "0"),
            ("x-ratelimit-reset-tokens", "6m0s"))),
        new("openai", "429, the same, tokens remain", "waits 0.02 s", Json(
            429,
            """{"error":{"message":"Rate limit reached","type":"requests","code":"rate_limit_exceeded"}}""",
            ("x-ratelimit-remaining-requests", "0"),
            ("x-ratelimit-reset-requests", "20ms"),
            ("x-ratelimit-remaining-tokens", "149975"),
            ("x-ratelimit-reset-tokens", "6m0s"))),
        new("openai", "429, \"try again in 20s\"", "waits 20 s", Json(429, """
            {"error":{"message":"Rate limit reached for text-embedding-3-small in organization org-1 on requests per min (RPM): Limit 3, Used 3, Requested 1. Please try again in 20s. Visit https://platform.openai.com/account/rate-limits to learn more.","type":"requests","param":null,"code":"rate_limit_exceeded"}}
            """)),
        new("openai", "429, requests per day (RPD), \"try again in 7m12s\"", "pauses the job for 7 min 12 s", Json(429, """
            {"error":{"message":"Rate limit reached for text-embedding-3-small in organization org-1 on requests per day (RPD): Limit 200, Used 200, Requested 1. Please try again in 7m12s. Visit https://platform.openai.com/account/rate-limits to learn more.","type":"requests","param":null,"code":"rate_limit_exceeded"}}
            """)) { Says = ["quota per day", "2026-01-01 00:07:12 UTC", "as the provider says"] },
        new("openai", "429, `insufficient_quota`", NoCredit, Json(429, """
            {"error":{"message":"You exceeded your current quota, please check your plan and billing details.","type":"insufficient_quota","param":null,"code":"insufficient_quota"}}
            """)) { Says = ["top it up"] },
        new("openai", "401, a wrong key", Denied, Json(401, """
            {"error":{"message":"Incorrect API key provided: sk-secret. You can find your API key at https://platform.openai.com/account/api-keys.","type":"invalid_request_error","param":null,"code":"invalid_api_key"}}
            """)) { Says = ["OPENAI_API_KEY"] },
        new("openai", "403, the project may not use the model", NoModel, Json(403, """
            {"error":{"message":"Project `proj_1` does not have access to model `text-embedding-3-small`","type":"invalid_request_error","param":null,"code":"model_not_found"}}
            """)) { SaysNot = ["API key"] },

        new("azure", "17 texts", "accepts at most 16 texts in a request", Json(400, """
            {"error":{"message":"Too many inputs. The max number of inputs is 16.  We hope to increase the number of inputs per request soon. Please contact us through an Azure support request at: https://go.microsoft.com/fwlink/?linkid=2213926 for further questions.","type":"invalid_request_error","param":null,"code":null}}
            """)) { Texts = 17 },
        new("azure", "429, \"retry after 2 seconds\"", "waits 2 s", Json(429, """
            {"error":{"code":"429","message":"Requests to the Embeddings_Create Operation under Azure OpenAI API version 2024-10-21 have exceeded call rate limit of your current OpenAI S0 pricing tier. Please retry after 2 seconds. Please go here: https://aka.ms/oai/quotaincrease if you would like to further increase the default rate limit."}}
            """)),
        new("azure", "429, \"retry after 86400 seconds\"", "pauses the job for 24 h", Json(429, """
            {"error":{"code":"429","message":"Requests to the Embeddings_Create Operation under Azure OpenAI API version 2024-10-21 have exceeded token rate limit of your current AIServices F0 pricing tier. Please retry after 86400 seconds."}}
            """)),
        new("azure", "404, `DeploymentNotFound`", NoModel, Json(404, """
            {"error":{"code":"DeploymentNotFound","message":"The API deployment for this resource does not exist. If you created the deployment within the last 5 minutes, please wait a moment and try again."}}
            """)),

        new("gemini", "no `index` where it is 0, no `usage`", CountedHere, ProviderStandIn.Find("gemini").Embed),
        new("gemini", "101 texts", Learns100, Json(400, """
            [{"error":{"code":400,"message":"* BatchEmbedContentsRequest.requests: at most 100 requests can be in one batch\n","status":"INVALID_ARGUMENT"}}]
            """)) { Texts = 101 },
        new("gemini", "429, `retryDelay` of 36 s, \"retry in 36.8s\"", "waits 36.8 s", Json(429, """
            [{"error":{"code":429,"message":"You exceeded your current quota, please check your plan and billing details.\n* Quota exceeded for metric: generativelanguage.googleapis.com/embed_content_free_tier_requests, limit: 100\nPlease retry in 36.8s.","status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[{"quotaMetric":"generativelanguage.googleapis.com/embed_content_free_tier_requests","quotaId":"EmbedContentRequestsPerMinutePerUserPerProjectPerModel-FreeTier","quotaValue":"100"}]},{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"36s"}]}}]
            """)),
        new("gemini", "429, a quota `PerDay`, `retryDelay` of 58 s", "pauses the job for 8 h", Json(429, """
            [{"error":{"code":429,"message":"You exceeded your current quota, please check your plan and billing details.\nPlease retry in 58.8s.","status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[{"quotaMetric":"generativelanguage.googleapis.com/embed_content_free_tier_requests","quotaId":"EmbedContentRequestsPerDayPerProjectPerModel-FreeTier","quotaValue":"1000"}]},{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"58s"}]}}]
            """)) { Says = ["quota per day", "2026-01-01 08:00:00 UTC", "midnight Pacific time"] },
        new("gemini", "429, \"Resource has been exhausted (e.g. check quota).\"", "waits, longer each time", Json(429, """
            [{"error":{"code":429,"message":"Resource has been exhausted (e.g. check quota).","status":"RESOURCE_EXHAUSTED"}}]
            """)),
        new("gemini", "400, `API_KEY_INVALID`", Denied, Json(400, """
            [{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"API_KEY_INVALID","domain":"googleapis.com"}]}}]
            """)) { Says = ["GEMINI_API_KEY"] },
        new("gemini", "503, the model is overloaded", TriesAgain, Json(503, """
            [{"error":{"code":503,"message":"The model is overloaded. Please try again later.","status":"UNAVAILABLE"}}]
            """)) { Says = ["The model is overloaded"] },

        new("cohere", "97 texts", "accepts at most 96 texts in a request", Json(400, """
            {"id":"1b8e","message":"invalid request: total number of texts must be at most 96 - received 97"}
            """)) { Texts = 97 },
        new("cohere", "429, a trial key, 100 calls a minute", "waits, longer each time", Json(429, """
            {"id":"1b8e","message":"You are using a Trial key, which is limited to 100 API calls / minute. You can continue to use the Trial key for free or upgrade to a Production key with higher rate limits."}
            """)),
        new("cohere", "429, a trial key, 1,000 calls a month", "pauses the job for 6 h", Json(429, """
            {"id":"1b8e","message":"You are using a Trial key, which is limited to 1000 API calls / month. You can continue to use the Trial key for free or upgrade to a Production key with higher rate limits."}
            """)) { Says = ["quota per month", "does not say when the quota resets, so Quiver tries again at 2026-01-01 06:00:00 UTC"] },
        new("cohere", "401, a wrong key", Denied, Json(401, """{"id":"1b8e","message":"invalid api token"}""")),

        new("mistral", "a request of 17,555 tokens", "accepts at most 16384 tokens in a request", Json(400, """
            {"object":"error","message":"Too many tokens in batch. Max is 16384 got 17555","type":"invalid_request_error","param":null,"code":null}
            """)),
        new("mistral", "too many tokens, without a number", Halves, Json(400, """
            {"object":"error","message":"Too many tokens overall, split into more batches.","type":"invalid_request_prompt","param":null,"code":"3210"}
            """)),
        new("mistral", "a text of 9,000 tokens", "accepts at most 8192 tokens in a text", Json(400, """
            {"object":"error","message":"Input id 0 has 9000 tokens, exceeding max 8192 tokens.","type":"invalid_request_prompt","param":null,"code":"3210"}
            """)),
        new("mistral", "429 without a time", "waits, longer each time", Json(429, """
            {"object":"error","message":"Rate limit exceeded","type":"rate_limited","param":null,"code":"1300","raw_status_code":429}
            """)),
        new("mistral", "400, `invalid_model`", NoModel, Json(400, """
            {"object":"error","message":"Invalid model: scripted","type":"invalid_model","param":null,"code":"1500"}
            """)),
        new("mistral", "401, a wrong key", Denied, Json(401, """{"message":"Unauthorized","request_id":"5d2"}""")),

        new("voyage", "1,001 texts", "accepts at most 1000 texts in a request", Json(400, """
            {"detail":"Request to model 'voyage-3.5' failed. The batch size limit is 1000. Your batch size is 1001."}
            """)) { Texts = 1001 },
        new("voyage", "a request of 121,138 tokens", "accepts at most 120000 tokens in a request", Json(400, """
            {"detail":"Request to model 'voyage-large-2-instruct' failed. The max allowed tokens per submitted batch is 120000. Your batch has 121138 tokens after truncation. Please lower the number of tokens in the batch."}
            """)),
        new("voyage", "a text above the context", "accepts at most 32000 tokens in a text", Json(400, """
            {"detail":"Request to model 'voyage-3' failed. The example at index 0 in your batch has too many tokens and does not fit into the model's context window of 32000 tokens. Please lower the number of tokens in the listed example(s) or use truncation."}
            """)),
        new("voyage", "429, an account without a payment method", "waits, longer each time", Json(429, """
            {"detail":"You have not yet added your payment method in the billing page and will have reduced rate limits of 3 RPM and 10K TPM.  Please add your payment method in the billing page (https://dashboard.voyageai.com/organization/billing) to unlock our standard rate limits."}
            """)) { Says = ["3 RPM and 10K TPM"] },

        new("jina", "2,049 texts", "accepts at most 2048 texts in a request", Json(400, """
            {"detail":"input length is larger than the largest allowed size 2048"}
            """)) { Texts = 2049 },
        new("jina", "a text of 9,237 tokens", "accepts at most 8194 tokens in a text", Json(400, """
            {"detail":"Single text cannot exceed 8194 tokens. 9237 tokens given."}
            """)),
        new("jina", "422, a list of faults", Halves, Json(422, """
            {"detail":[{"type":"string_type","loc":["body","input",0],"msg":"Input should be a valid string","input":7}]}
            """)) { Says = ["0: Input should be a valid string"] },
        new("jina", "402, no credit", NoCredit, Json(402, """{"detail":"Account balance not enough to run this query, please recharge."}""")),
        new("jina", "403, no credit", NoCredit, Json(403, """{"detail":"Account balance not enough to run this query, please recharge."}""")) { SaysNot = ["API key"] },

        new("tei", "33 texts", "accepts at most 32 texts in a request", Json(422, """
            {"message":"batch size 33 > maximum allowed batch size 32","code":422,"type":"validation"}
            """)) { Texts = 33 },
        new("tei", "a text of 613 tokens", "accepts at most 512 tokens in a text", Json(413, """
            {"message":"Input validation error: `inputs` must have less than 512 tokens. Given: 613","code":413,"type":"validation"}
            """)),
        new("tei", "429, overloaded", "waits, longer each time", Json(429, """{"message":"Model is overloaded","code":429,"type":"overloaded"}""")),
        new("tei", "424, the model failed", TriesAgain, Json(424, """{"message":"Backend error: out of memory","code":424,"type":"backend"}""")),

        new("vllm", "a text of 1,451 tokens", "accepts at most 512 tokens in a text", Json(400, """
            {"object":"error","message":"This model's maximum context length is 512 tokens. However, you requested 1451 tokens in the input for embedding generation. Please reduce the length of the input.","type":"BadRequestError","param":null,"code":400}
            """)),
        new("vllm", "404, another model", NoModel, Json(404, """
            {"object":"error","message":"The model `scripted` does not exist.","type":"NotFoundError","param":null,"code":404}
            """)),

        new("ollama", "a text above the context", Halves, Json(400, """
            {"error":{"message":"the input length exceeds the context length","type":"invalid_request_error","param":null,"code":null}}
            """)),
        new("ollama", "500, a vector with NaN", "halves the request; a text that is refused alone fails, `invalid_embedding`", Json(500, """
            {"error":{"message":"failed to encode response: json: unsupported value: NaN","type":"api_error","param":null,"code":null}}
            """)) { Says = ["unsupported value: NaN"] },
        new("ollama", "404, a model that is not pulled", NoModel, Json(404, """
            {"error":{"message":"model \"scripted\" not found, try pulling it first","type":"api_error","param":null,"code":null}}
            """)) { Says = ["try pulling it first"] },

        new("lmstudio", "`usage` of 0 tokens", CountedHere, ProviderStandIn.Find("lmstudio").Embed),
        new("lmstudio", "500, a text of 1,451 tokens", "accepts at most 512 tokens in a text", Json(500, """
            {"error":{"code":500,"message":"input (1451 tokens) is too large to process. increase the physical batch size (current batch size: 512)","type":"server_error"}}
            """)),
        new("lmstudio", "400, a text above the context", "accepts at most 2048 tokens in a text", Json(400, """
            {"error":{"code":400,"message":"request (3001 tokens) exceeds the available context size (2048 tokens), try increasing it","type":"exceed_context_size_error","n_prompt_tokens":3001,"n_ctx":2048}}
            """)),

        new(Any, "no vector has an `index`, as many vectors as texts", Counted, request => Change(request, static (item, _) => item.Remove("index"))),
        new(Any, "two vectors without `index` among others", BadAnswer, request => Change(request, static (item, at) =>
        {
            if (at < 2)
            {
                item.Remove("index");
            }
        })),
        new(Any, "`index` missing at another vector than the first", BadAnswer, request => Change(request, static (item, at) =>
        {
            if (at == 1)
            {
                item.Remove("index");
            }
        })),
        new(Any, "the same `index` twice", BadAnswer, request => Change(request, static (item, _) => item["index"] = 0)),
        new(Any, "a vector too few, none has an `index`", BadAnswer, request => Change(request, static (item, _) => item.Remove("index"), static data => data.RemoveAt(0))),
        new(Any, "a vector too many, none has an `index`", BadAnswer, request => Change(request, static (item, _) => item.Remove("index"), static data => data.Add(data[0]!.DeepClone()))),
        new(Any, "`usage` is null", CountedHere, request =>
        {
            var body = JsonNode.Parse(ProviderReply.Ok(request).Body)!;
            body["usage"] = null;
            return new() { Body = body.ToJsonString() };
        }),
        new(Any, "vectors in JSON with the content type `text/html`", Counted, static request => ProviderReply.Ok(request).With(("Content-Type", "text/html"))),
        new(Any, "status 200 with an error of code 429", "waits 2 s", Json(200, """{"error":{"message":"HTTP 429: slow down, please retry after 2 seconds.","code":429}}""")),
        new(Any, "429, \"Expected available in 12 seconds.\"", "waits 12 s", Json(429, """{"detail":"Request was throttled. Expected available in 12 seconds."}""")),
        new(Any, "429, `retry_after` in the body", "waits 9 s", Json(429, """{"error":{"message":"slow down","retry_after":9}}""")),
        new(Any, "429, `Retry-After` with a date 30 s ahead", "waits 30 s", Json(429, "{}", ("Date", "Thu, 01 Jan 2026 00:00:00 GMT"), ("Retry-After", "Thu, 01 Jan 2026 00:00:30 GMT"))),
        new(Any, "429, `x-ratelimit-reset` with an epoch 25 s ahead", "waits 25 s", Json(429, "{}", ("Date", "Thu, 01 Jan 2026 00:00:00 GMT"), ("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "1767225625"))),
        new(Any, "429, a daily limit, without a time", "pauses the job for 1 h", Json(429, """{"error":{"message":"Your daily limit of requests is reached."}}""")) { Says = ["quota per day", "so Quiver tries again at 2026-01-01 01:00:00 UTC"] },
        new(Any, "429, `Retry-After: 18000`", "pauses the job for 5 h", Json(429, """{"error":{"message":"slow down"}}""", ("Retry-After", "18000"))),
        new(Any, "503, `Retry-After: 5`", "tries again after 5 s, `provider_unavailable`", Json(503, """{"error":{"message":"maintenance"}}""", ("Retry-After", "5"))),
        new(Any, "a login page with status 200", TriesAgain, Page(200, "Sign in to the guest network")) { Says = ["127.0.0.1", "200", "Sign in to the guest network", "text/html", "BaseAddress"] },
        new(Any, "a page with 401", NoAccess, Page(401, "Authorization Required")) { Says = ["127.0.0.1", "401", "Authorization Required", "nothing about the API key"], SaysNot = ["ApiKey"] },
        new(Any, "a page with 403", NoAccess, Page(403, "Attention Required! | Cloudflare")) { Says = ["403", "Attention Required! | Cloudflare", "server cloudflare"], SaysNot = ["ApiKey"] },
        new(Any, "403 with plain text", NoAccess, Text(403, "Access denied by policy sk-secret")) { Says = ["text/plain", "Access denied by policy ***"], SaysNot = ["ApiKey"] },
        new(Any, "a page with 400", NoAccess, Page(400, "Request Rejected")) { Says = ["127.0.0.1", "400", "Request Rejected", "nothing about the texts"], SaysNot = ["ApiKey"] },
        new(Any, "400 with plain text", NoAccess, Text(400, "blocked by rule 981173")) { Says = ["text/plain", "blocked by rule 981173", "a firewall"] },
        new(Any, "a page with 422", NoAccess, Page(422, "Request Rejected")) { Says = ["422", "something between"] },
        new(Any, "407", NoAccess, Page(407, "Cache Access Denied")) { Says = ["proxy", "407", "http_proxy"], SaysNot = ["ApiKey"] },
        new(Any, "a page with 404", NoModel, Page(404, "404 Not Found")) { Says = ["404 Not Found", "BaseAddress"] },
        new(Any, "a page with 413", Halves, Page(413, "413 Request Entity Too Large")) { Says = ["413 Request Entity Too Large", "something between"] },
        new(Any, "a page with 429, `Retry-After: 3`", "waits 3 s", request => Page(429, "Too many requests")(request).With(("Retry-After", "3"))) { Says = ["in front of"] },
        new(Any, "a page with 502", TriesAgain, Page(502, "502 Bad Gateway")) { Says = ["502 Bad Gateway", "a gateway"] },
        new(Any, "a redirect to a login page", NoModel, Json(302, "", ("Location", "https://login.example/portal?token=sk-secret"))) { Says = ["https://login.example/portal", "302", "does not follow"], SaysNot = ["token"] },
        new(Any, "a redirect to another address of the API", NoModel, Json(308, "", ("Location", "https://api.example/v2/embeddings"))) { Says = ["BaseAddress to https://api.example/v2,", "308"] },
    ];

    private static Func<ProviderRequest, ProviderReply> Json(int status, string body, params (string Name, string Value)[] headers) =>
        _ => new ProviderReply { Status = status, Body = body }.With(headers);

    private static Func<ProviderRequest, ProviderReply> Page(int status, string title) => _ => new ProviderReply
    {
        Status = status,
        Body = $"<!DOCTYPE html>\n<html><head><title>{title}</title></head><body>{new string('.', 40_000)}</body></html>",
    }.With(("Content-Type", "text/html; charset=utf-8"), ("Server", "cloudflare"));

    private static Func<ProviderRequest, ProviderReply> Text(int status, string text) => _ => new ProviderReply { Status = status, Body = text }.With(("Content-Type", "text/plain"));

    private static ProviderReply Change(ProviderRequest request, Action<JsonObject, int> ofItem, Action<JsonArray>? ofAll = null)
    {
        var body = JsonNode.Parse(ProviderReply.Ok(request).Body)!;
        var data = body["data"]!.AsArray();
        for (var i = 0; i < data.Count; i++)
        {
            ofItem(data[i]!.AsObject(), i);
        }

        ofAll?.Invoke(data);
        return new() { Body = body.ToJsonString() };
    }
}
