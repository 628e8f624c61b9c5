using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Quiver.Tests.Support.Providers;

/// <summary>A request to a scripted provider.</summary>
internal sealed record ProviderRequest(int Number, ImmutableArray<string> Texts, string Body, string Target, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>Whether it requests vectors in base64.</summary>
    public bool WantsBase64 => Body.Contains("\"encoding_format\":\"base64\"", StringComparison.Ordinal);
}

/// <summary>An answer of a scripted provider.</summary>
internal sealed record ProviderReply
{
    public int Status { get; init; } = 200;

    public string Body { get; init; } = "";

    public ImmutableDictionary<string, string> Headers { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Bytes of the body after which the connection is cut; null sends all.</summary>
    public int? CutAfter { get; init; }

    /// <summary>The correct answer, with the vectors of <see cref="HashModel"/>.</summary>
    public static ProviderReply Ok(ProviderRequest request) => Ok(request, items => items);

    /// <summary>The correct answer with changed items: <c>(index, embedding)</c> in the order of the texts.</summary>
    public static ProviderReply Ok(ProviderRequest request, Func<IEnumerable<(int Index, JsonNode Embedding)>, IEnumerable<(int Index, JsonNode Embedding)>> change)
    {
        var items = change(request.Texts.Select((text, index) => (index, Vector(HashModel.Embed(text), request.WantsBase64))));
        var tokens = request.Texts.Sum(text => text.Split(' ').Length);
        return new()
        {
            Body = new JsonObject
            {
                ["object"] = "list",
                ["data"] = new JsonArray([.. items.Select(item => new JsonObject { ["object"] = "embedding", ["index"] = item.Index, ["embedding"] = item.Embedding })]),
                ["model"] = "scripted",
                ["usage"] = new JsonObject { ["prompt_tokens"] = tokens, ["total_tokens"] = tokens },
            }.ToJsonString(),
        };
    }

    /// <summary>The same answer with another count of tokens.</summary>
    public ProviderReply Counting(int tokens)
    {
        var body = JsonNode.Parse(Body)!;
        body["usage"] = new JsonObject { ["prompt_tokens"] = tokens, ["total_tokens"] = tokens };
        return this with { Body = body.ToJsonString() };
    }

    /// <summary>The same answer with more headers.</summary>
    public ProviderReply With(params (string Name, string Value)[] headers) =>
        this with { Headers = Headers.SetItems(headers.Select(static header => KeyValuePair.Create(header.Name, header.Value))) };

    /// <summary>An error in OpenAI's format.</summary>
    public static ProviderReply Error(int status, string message = "no", string code = "error") => new()
    {
        Status = status,
        Body = new JsonObject { ["error"] = new JsonObject { ["message"] = message, ["code"] = code } }.ToJsonString(),
    };

    /// <summary>429 with a delay.</summary>
    public static ProviderReply Throttled(TimeSpan wait) => Error(429, "slow down", "rate_limit_exceeded") with
    {
        Headers = ImmutableDictionary<string, string>.Empty.Add("retry-after-ms", wait.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture)),
    };

    /// <summary>An encoded vector.</summary>
    public static JsonNode Vector(float[] vector, bool base64)
    {
        if (!base64)
        {
            return new JsonArray([.. vector.Select(number => (JsonNode)number)]);
        }

        var bytes = new byte[vector.Length * sizeof(float)];
        Buffer.BlockCopy(vector, 0, bytes, 0, bytes.Length);
        return Convert.ToBase64String(bytes);
    }

    public byte[] Bytes() => Encoding.UTF8.GetBytes(Body);
}
