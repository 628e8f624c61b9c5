using System.Text.Json;
using System.Text.Json.Nodes;

namespace Quiver.Tests.Support.Providers;

/// <summary>
/// A stand-in for one provider. It wants its key where the service wants it, refuses members and requests that the service refuses, in its
/// words, and answers in its form. Tokens are words.
/// </summary>
/// <param name="Preset">The preset that it stands for.</param>
/// <param name="MaxInputs">Texts in a request.</param>
/// <param name="MaxTokensPerRequest">Tokens in a request.</param>
/// <param name="MaxTokensPerInput">Tokens in a text.</param>
internal sealed record ProviderStandIn(string Preset, int MaxInputs, int MaxTokensPerRequest, int MaxTokensPerInput)
{
    private const int Unlimited = int.MaxValue;

    /// <summary>The key that it accepts.</summary>
    public const string Key = "sk-stand-in";

    public static ImmutableArray<ProviderStandIn> All { get; } =
    [
        new("openai", 2048, 300_000, 8192)
        {
            Members = ["model", "input", "encoding_format", "dimensions"],
            TooManyInputs = static (limit, sent) => OpenAIError($"Invalid 'input': array too long. Expected an array with maximum length {limit}, but got an array with length {sent} instead.", "array_above_max_length"),
            TooManyTokens = static (limit, sent) => OpenAIError($"Requested {sent} tokens, max {limit} tokens per request", "max_tokens_per_request"),
            TextTooLong = static (limit, sent) => OpenAIError($"This model's maximum context length is {limit} tokens, however you requested {sent} tokens ({sent} in your prompt; 0 for the completion). Please reduce your prompt; or completion length."),
        },
        new("azure", 2048, 300_000, 8192)
        {
            KeyHeader = "api-key",
            Members = ["model", "input", "encoding_format", "dimensions"],
            TooManyInputs = static (limit, _) => OpenAIError($"Too many inputs. The max number of inputs is {limit}.  We hope to increase the number of inputs per request soon."),
            TooManyTokens = static (limit, sent) => OpenAIError($"Requested {sent} tokens, max {limit} tokens per request", "max_tokens_per_request"),
            TextTooLong = static (limit, sent) => OpenAIError($"This model's maximum context length is {limit} tokens, however you requested {sent} tokens ({sent} in your prompt; 0 for the completion)."),
        },
        new("gemini", 100, Unlimited, Unlimited)
        {
            // It truncates longer texts.
            Members = ["model", "input", "dimensions"],
            TooManyInputs = static (limit, _) => Json(400, $$$"""[{"error":{"code":400,"message":"* BatchEmbedContentsRequest.requests: at most {{{limit}}} requests can be in one batch\n","status":"INVALID_ARGUMENT"}}]"""),
            UnknownMember = static member => Json(400, $$$"""[{"error":{"code":400,"message":"Invalid JSON payload received. Unknown name \"{{{member}}}\": Cannot find field.","status":"INVALID_ARGUMENT"}}]"""),
            Finish = static body =>
            {
                body.Remove("usage");
                foreach (var item in body["data"]!.AsArray().Where(static item => item!["index"]!.GetValue<int>() == 0))
                {
                    item!.AsObject().Remove("index");
                }
            },
        },
        new("cohere", 96, Unlimited, Unlimited)
        {
            Members = ["model", "input", "encoding_format"],
            TooManyInputs = static (limit, sent) => Json(400, $$"""{"id":"1b8e","message":"invalid request: total number of texts must be at most {{limit}} - received {{sent}}"}"""),
            UnknownMember = static member => Json(422, $$"""{"id":"1b8e","message":"unknown field: parameter '{{member}}' is not a valid field"}"""),
        },
        new("mistral", 512, 16_384, 8192)
        {
            HasBase64 = false,
            Members = ["model", "input", "encoding_format", "output_dimension"],
            TooManyInputs = static (limit, sent) => MistralError($"Too many inputs in request. Max is {limit} got {sent}"),
            TooManyTokens = static (limit, sent) => MistralError($"Too many tokens in batch. Max is {limit} got {sent}"),
            TextTooLong = static (limit, sent) => MistralError($"Input id 0 has {sent} tokens, exceeding max {limit} tokens."),
        },
        new("voyage", 1000, 120_000, 32_000)
        {
            Members = ["model", "input", "input_type", "truncation", "encoding_format", "output_dimension"],
            TooManyInputs = static (limit, sent) => Detail(400, $"Request to model 'scripted' failed. The batch size limit is {limit}. Your batch size is {sent}."),
            TooManyTokens = static (limit, sent) => Detail(400, $"Request to model 'scripted' failed. The max allowed tokens per submitted batch is {limit}. Your batch has {sent} tokens after truncation. Please lower the number of tokens in the batch."),
            TextTooLong = static (limit, _) => Detail(400, $"Request to model 'scripted' failed. The example at index 0 in your batch has too many tokens and does not fit into the model's context window of {limit} tokens. Please lower the number of tokens in the listed example(s) or use truncation."),
            Finish = static body => body["usage"]!.AsObject().Remove("prompt_tokens"),
        },
        new("jina", 2048, Unlimited, 8194)
        {
            HasBase64 = false,
            Members = ["model", "input", "truncate", "task", "dimensions"],
            TooManyInputs = static (limit, _) => Detail(400, $"input length is larger than the largest allowed size {limit}"),
            TextTooLong = static (limit, sent) => Detail(400, $"Single text cannot exceed {limit} tokens. {sent} tokens given."),
        },
        new("tei", 32, Unlimited, 512)
        {
            NeedsKey = false,
            Members = ["model", "input", "encoding_format", "dimensions", "user"],
            TooManyInputs = static (limit, sent) => Json(422, $$"""{"message":"batch size {{sent}} > maximum allowed batch size {{limit}}","code":422,"type":"validation"}"""),
            TextTooLong = static (limit, sent) => Json(413, $$"""{"message":"Input validation error: `inputs` must have less than {{limit}} tokens. Given: {{sent}}","code":413,"type":"validation"}"""),
        },
        new("vllm", Unlimited, Unlimited, 8192)
        {
            NeedsKey = false,
            Members = ["model", "input", "encoding_format", "dimensions"],
            TextTooLong = static (limit, sent) => Json(400, $$"""{"object":"error","message":"This model's maximum context length is {{limit}} tokens. However, you requested {{sent}} tokens in the input for embedding generation. Please reduce the length of the input.","type":"BadRequestError","param":null,"code":400}"""),
        },
        new("ollama", Unlimited, Unlimited, 2048)
        {
            NeedsKey = false,
            HasBase64 = false,
            Members = ["model", "input", "encoding_format", "dimensions"],
            TextTooLong = static (_, _) => OpenAIError("the input length exceeds the context length"),
        },
        new("lmstudio", Unlimited, Unlimited, 2048)
        {
            NeedsKey = false,
            HasBase64 = false,
            Members = ["model", "input", "encoding_format"],
            TextTooLong = static (limit, sent) => Json(500, $$$"""{"error":{"code":500,"message":"input ({{{sent}}} tokens) is too large to process. increase the physical batch size (current batch size: {{{limit}}})","type":"server_error"}}"""),
            Finish = static body => body["usage"] = new JsonObject { ["prompt_tokens"] = 0, ["total_tokens"] = 0 },
        },
    ];

    /// <summary>The members that a request can have.</summary>
    public required ImmutableHashSet<string> Members { get; init; }

    /// <summary>The header with the key.</summary>
    public string KeyHeader { get; init; } = "Authorization";

    /// <summary>Whether requests need a key.</summary>
    public bool NeedsKey { get; init; } = true;

    /// <summary>Whether it can answer in base64; a service that cannot answers with numbers.</summary>
    public bool HasBase64 { get; init; } = true;

    /// <summary>The refusal of too many texts, by limit and number.</summary>
    public Func<int, int, ProviderReply>? TooManyInputs { get; init; }

    /// <summary>The refusal of too many tokens in a request.</summary>
    public Func<int, int, ProviderReply>? TooManyTokens { get; init; }

    /// <summary>The refusal of a long text.</summary>
    public Func<int, int, ProviderReply>? TextTooLong { get; init; }

    /// <summary>The refusal of a member.</summary>
    public Func<string, ProviderReply> UnknownMember { get; init; } = static member => OpenAIError($"Unrecognized request argument supplied: {member}");

    /// <summary>Changes an answer into the service's form.</summary>
    public Action<JsonObject> Finish { get; init; } = static _ => { };

    public static ProviderStandIn Find(string preset) => All.Single(standIn => standIn.Preset == preset);

    /// <summary>Answers a request.</summary>
    public ProviderReply Answer(ProviderRequest request)
    {
        var key = request.Headers.GetValueOrDefault(KeyHeader);
        if (NeedsKey && key != (KeyHeader == "Authorization" ? $"Bearer {Key}" : Key))
        {
            return ProviderReply.Error(401, "wrong key", "invalid_api_key");
        }

        using var body = JsonDocument.Parse(request.Body);
        if (body.RootElement.EnumerateObject().FirstOrDefault(member => !Members.Contains(member.Name)) is { Value.ValueKind: not JsonValueKind.Undefined } unknown)
        {
            return UnknownMember(unknown.Name);
        }

        int[] tokens = [.. request.Texts.Select(static text => text.Split(' ').Length)];
        return request.Texts.Length > MaxInputs ? TooManyInputs!(MaxInputs, request.Texts.Length)
            : tokens.Max() > MaxTokensPerInput ? TextTooLong!(MaxTokensPerInput, tokens.Max())
            : tokens.Sum() > MaxTokensPerRequest ? TooManyTokens!(MaxTokensPerRequest, tokens.Sum())
            : Embed(request);
    }

    /// <summary>The answer to a request that needs no check.</summary>
    public ProviderReply Embed(ProviderRequest request)
    {
        var reply = ProviderReply.Ok(
            request, items => items.Select(item => HasBase64 ? item : (item.Index, ProviderReply.Vector(HashModel.Embed(request.Texts[item.Index]), base64: false))));
        var body = JsonNode.Parse(reply.Body)!.AsObject();
        Finish(body);
        return reply with { Body = body.ToJsonString() };
    }

    private static ProviderReply Json(int status, string body) => new() { Status = status, Body = body };

    private static ProviderReply OpenAIError(string message, string? code = null) => Json(
        400, new JsonObject { ["error"] = new JsonObject { ["message"] = message, ["type"] = "invalid_request_error", ["param"] = null, ["code"] = code } }.ToJsonString());

    private static ProviderReply MistralError(string message) =>
        Json(400, new JsonObject { ["object"] = "error", ["message"] = message, ["type"] = "invalid_request_error", ["param"] = null, ["code"] = null }.ToJsonString());

    private static ProviderReply Detail(int status, string detail) => Json(status, new JsonObject { ["detail"] = detail }.ToJsonString());
}
