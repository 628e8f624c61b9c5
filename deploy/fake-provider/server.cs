#:sdk Microsoft.NET.Sdk.Web
#:property PublishAot=false
#:property GenerateDocumentationFile=false
#:property TreatWarningsAsErrors=false

// A fake embedding service for experiments. It answers like OpenAI's POST /v1/embeddings, with vectors computed from hashes of the words: the same
// text always has the same vector, and texts that share words are slightly similar.
//
//   dotnet run deploy/fake-provider/server.cs
//
// It listens on 127.0.0.1:8000; the variables ADDRESS, PORT (0 for any) and DIMENSIONS (64) change that. It references no package and starts
// without a network.
using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

const int LargestBody = 32 * 1024 * 1024;
const int MaxDimensions = 65536;
var address = IPAddress.Parse(Environment.GetEnvironmentVariable("ADDRESS") ?? "127.0.0.1");
var port = int.Parse(Environment.GetEnvironmentVariable("PORT") ?? "8000", CultureInfo.InvariantCulture);
var defaultDimensions = int.Parse(Environment.GetEnvironmentVariable("DIMENSIONS") ?? "64", CultureInfo.InvariantCulture);

var builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders();
builder.WebHost.ConfigureKestrel(kestrel =>
{
    kestrel.Listen(address, port);
    kestrel.Limits.MaxRequestBodySize = LargestBody;
});
builder.Services.ConfigureHttpJsonOptions(static json => json.SerializerOptions.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping);
await using var app = builder.Build();
app.MapGet("/health", static () => new JsonObject { ["status"] = "ok" });
app.MapPost("/v1/embeddings", async (HttpRequest request) =>
{
    try
    {
        return Answer(await JsonNode.ParseAsync(request.Body, cancellationToken: request.HttpContext.RequestAborted), defaultDimensions);
    }
    catch (BadHttpRequestException error)
    {
        return Refusal(error.StatusCode, error.Message);
    }
    catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
    {
        return Refusal(StatusCodes.Status400BadRequest, error.Message);
    }
});
app.MapFallback(static () => Refusal(StatusCodes.Status404NotFound, "There is only POST /v1/embeddings.", "not_found_error"));
await app.StartAsync();
Console.WriteLine($"A fake embedding service listens on port {new Uri(app.Urls.First()).Port}.");
await app.WaitForShutdownAsync();

static IResult Answer(JsonNode? request, int defaultDimensions)
{
    var texts = request?["input"] is JsonArray list ? list.ToList() : [request?["input"]];
    if (texts.Count == 0 || !texts.All(static text => text?.GetValueKind() == JsonValueKind.String && text.GetValue<string>().Length > 0))
    {
        return Refusal(StatusCodes.Status400BadRequest, "input must be a text, or a list of texts, none of them empty");
    }

    var dimensions = request?["dimensions"]?.GetValue<int>() ?? defaultDimensions;
    if (dimensions is < 1 or > MaxDimensions)
    {
        return Refusal(StatusCodes.Status400BadRequest, $"dimensions must be 1 to {MaxDimensions}");
    }

    var base64 = request?["encoding_format"]?.GetValue<string>() == "base64";
    var tokens = texts.Sum(static text => (text!.GetValue<string>().Length + 3) / 4);
    return Results.Json(new JsonObject
    {
        ["object"] = "list",
        ["model"] = request?["model"]?.DeepClone(),
        ["data"] = new JsonArray([.. texts.Select((text, index) => new JsonObject
        {
            ["object"] = "embedding",
            ["index"] = index,
            ["embedding"] = Write(Embed(text!.GetValue<string>(), dimensions), base64),
        })]),
        ["usage"] = new JsonObject { ["prompt_tokens"] = tokens, ["total_tokens"] = tokens },
    });
}

static IResult Refusal(int status, string message, string type = "invalid_request_error") =>
    Results.Json(new JsonObject { ["error"] = new JsonObject { ["message"] = message, ["type"] = type } }, statusCode: status);

static JsonNode Write(float[] vector, bool base64) =>
    base64 ? JsonValue.Create(Convert.ToBase64String(MemoryMarshal.AsBytes(vector.AsSpan()))) : new JsonArray([.. vector.Select(static value => JsonValue.Create(value))]);

// The sum of one direction for each word, scaled to length 1.
static float[] Embed(string text, int dimensions)
{
    var vector = new float[dimensions];
    Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
    foreach (var word in Words(text))
    {
        for (var start = 0; start < dimensions; start += 8)
        {
            SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{start / 8} {word}")), hash);
            for (var i = 0; i < 8 && start + i < dimensions; i++)
            {
                vector[start + i] = (float)(vector[start + i] + (BinaryPrimitives.ReadInt32LittleEndian(hash[(i * 4)..]) / (double)(1L << 31)));
            }
        }
    }

    var length = Math.Sqrt(vector.Sum(static value => (double)value * value));
    return length == 0 ? vector : [.. vector.Select(value => (float)(value / length))];
}

// Runs of letters and numbers in lower case; the text itself where it has none.
static IEnumerable<string> Words(string text)
{
    var any = false;
    var word = new StringBuilder();
    foreach (var rune in text.ToLowerInvariant().EnumerateRunes().Append(new Rune(' ')))
    {
        if (Rune.IsLetter(rune) || Rune.IsNumber(rune))
        {
            word.Append(rune.ToString());
        }
        else if (word.Length > 0)
        {
            any = true;
            yield return word.ToString();
            word.Clear();
        }
    }

    if (!any)
    {
        yield return text;
    }
}
