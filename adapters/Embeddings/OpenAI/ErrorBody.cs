using System.Globalization;
using System.Text.Json;

namespace Quiver.Adapters.Embeddings.OpenAI;

/// <summary>What the body of an error says, in the shapes that providers use. An unknown shape has no message.</summary>
internal sealed record ErrorBody
{
    private const int MaxMessage = 4096;
    private const int MaxWords = 32;

    /// <summary>Whether the body is JSON. A proxy, a firewall or a captive portal answers with something else.</summary>
    public bool IsJson { get; private init; }

    /// <summary>The sentence for people; null where there is none.</summary>
    public string? Message { get; private init; }

    /// <summary>The values of <c>code</c>, <c>type</c>, <c>status</c> and <c>reason</c>.</summary>
    public ImmutableArray<string> Codes { get; private init; } = [];

    /// <summary>The names of the quotas that are used up, as Google lists them: <c>EmbedContentRequestsPerDayPerProject…</c>.</summary>
    public ImmutableArray<string> Quotas { get; private init; } = [];

    /// <summary>The wait of Google's <c>retryDelay</c>, or of a member <c>retry_after</c>; null for none.</summary>
    public TimeSpan? Delay { get; private init; }

    /// <summary>The code where it is the HTTP status of an error; some gateways put it into an answer of status 200.</summary>
    public int? Status =>
        Codes.Select(static code => int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0)
            .Where(static number => number is >= 400 and < 600)
            .Select(static number => (int?)number)
            .FirstOrDefault();

    /// <summary>Whether one of the codes is one of these words.</summary>
    public bool Has(params ReadOnlySpan<string> words)
    {
        foreach (var word in words)
        {
            if (Codes.Contains(word, StringComparer.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether the message contains one of these texts.</summary>
    public bool Says(params ReadOnlySpan<string> texts)
    {
        foreach (var text in texts)
        {
            if (Message?.Contains(text, StringComparison.OrdinalIgnoreCase) == true)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Reads a body.</summary>
    /// <param name="body">Its text, perhaps only the start.</param>
    public static ErrorBody Read(string body)
    {
        var text = body.Trim('\ufeff', ' ', '\t', '\r', '\n');
        if (!text.StartsWith('{') && !text.StartsWith('['))
        {
            return new ErrorBody { Message = Cut(text) };
        }

        try
        {
            using var json = JsonDocument.Parse(text);

            // Gemini's OpenAI-compatible address wraps the error into a list.
            var root = json.RootElement.ValueKind == JsonValueKind.Array ? json.RootElement.EnumerateArray().FirstOrDefault() : json.RootElement;
            return root.ValueKind == JsonValueKind.Object ? Read(root) : new ErrorBody { IsJson = true };
        }
        catch (JsonException)
        {
            // Longer than what was read: the sentence is in it, with quotes and braces around.
            return new ErrorBody { IsJson = true, Message = Cut(text) };
        }
    }

    private static ErrorBody Read(JsonElement root)
    {
        var error = Object(root, "error") ?? Object(root, "detail") ?? root;
        JsonElement[] details = [.. Items(error, "details").Where(static item => item.ValueKind == JsonValueKind.Object).Take(MaxWords)];
        JsonElement[] places = [error, root, .. details];
        string[] members = ["code", "type", "status", "reason", "error_type"];
        return new ErrorBody
        {
            IsJson = true,
            Message = Cut(Text(error, "message") ?? Text(root, "error") ?? Text(root, "message") ?? Detail(root) ?? Text(error, "error")),
            Codes = [.. places.SelectMany(place => members.Select(member => Text(place, member))).OfType<string>().Distinct().Take(MaxWords)],
            Quotas = [.. details.SelectMany(static detail => Items(detail, "violations")).Select(static item => Text(item, "quotaId") ?? Text(item, "subject")).OfType<string>().Take(MaxWords)],
            Delay = places.Select(ReadDelay).FirstOrDefault(static delay => delay is not null),
        };
    }

    private static TimeSpan? ReadDelay(JsonElement place)
    {
        if (Text(place, "retryDelay") is { } delay && Durations.TryParse(delay, out var time))
        {
            return time;
        }

        if (Object(place, "retryDelay") is { } parts && Text(parts, "seconds") is { } whole && Durations.TryParse(whole, out time))
        {
            return time;
        }

        return (Text(place, "retry_after") ?? Text(place, "retryAfter") ?? Text(place, "retry_after_seconds")) is { } seconds
            && Durations.TryParse(seconds, out time)
            ? time
            : null;
    }

    /// <summary>FastAPI's <c>detail</c>: a text, or a list of faults with the place of each.</summary>
    private static string? Detail(JsonElement root)
    {
        if (Text(root, "detail") is { } text)
        {
            return text;
        }

        var faults = Items(root, "detail").Take(MaxWords).Select(static item => (Place: Items(item, "loc").LastOrDefault(), Fault: Text(item, "msg")))
            .Where(static item => item.Fault is not null)
            .Select(static item => item.Place.ValueKind == JsonValueKind.Undefined ? item.Fault : $"{item.Place}: {item.Fault}");
        return string.Join("; ", faults) is { Length: > 0 } all ? all : null;
    }

    private static JsonElement? Object(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object ? value : null;

    private static IEnumerable<JsonElement> Items(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : [];

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out var value) ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : value.ValueKind == JsonValueKind.Number ? value.GetRawText()
        : null;

    private static string? Cut(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Length > MaxMessage ? text[..MaxMessage] : text;
}
