using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Quiver.Tests.Support.Providers;

/// <summary>What a scripted provider answers.</summary>
internal sealed record ProviderReply
{
    public int Status { get; init; } = 200;

    public string Body { get; init; } = "";

    public ImmutableDictionary<string, string> Headers { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Bytes of the body after which the connection is cut; null answers whole.</summary>
    public int? CutAfter { get; init; }

    /// <summary>The right answer, vectors as <see cref="HashModel"/> makes them.</summary>
    public static ProviderReply Ok(ProviderRequest request) => Ok(request, items => items);

    /// <summary>The right answer with its items changed: <c>(index, embedding)</c> in the order of the texts.</summary>
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

    /// <summary>An error as OpenAI writes it.</summary>
    public static ProviderReply Error(int status, string message = "no", string code = "error") => new()
    {
        Status = status,
        Body = new JsonObject { ["error"] = new JsonObject { ["message"] = message, ["code"] = code } }.ToJsonString(),
    };

    /// <summary>429 with a wait.</summary>
    public static ProviderReply Throttled(TimeSpan wait) => Error(429, "slow down", "rate_limit_exceeded") with
    {
        Headers = ImmutableDictionary<string, string>.Empty.Add("retry-after-ms", wait.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture)),
    };

    /// <summary>A vector as it travels.</summary>
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
