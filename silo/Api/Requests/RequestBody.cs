using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Quiver.Client.Json;
using Quiver.Client.Requests;

namespace Quiver.Silo.Api.Requests;

/// <summary>Reads JSON bodies strictly: unknown members are refused, not ignored.</summary>
internal static class RequestBody
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>Reads the body.</summary>
    /// <exception cref="InvalidRequestException">With <see cref="RequestErrorCodes.InvalidRequest"/>, or the code of an invalid name.</exception>
    /// <exception cref="BadHttpRequestException">The body is too large or not JSON.</exception>
    public static async Task<T> ReadAsync<T>(HttpRequest request, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        if (!request.HasJsonContentType())
        {
            throw Unsupported($"The Content-Type is {(request.ContentType is { Length: > 0 } sent ? $"'{sent}'" : "missing")}: send the body as application/json.");
        }

        // A compressed body could expand to more than the limit of a request's size allows.
        if (request.Headers.ContentEncoding.ToString() is { Length: > 0 } encoding and not "identity")
        {
            throw Unsupported($"The Content-Encoding is '{encoding}', and the server reads no compressed body: send it uncompressed, without this header.");
        }

        var body = await ReadAsync(request.Body, cancellationToken);
        if (JsonText.FindFault(body.Span) is { } fault)
        {
            throw Invalid(fault);
        }

        try
        {
            using var document = JsonDocument.Parse(body, Strict);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw Invalid("The body is not a JSON object: send one in braces.");
            }

            var faults = JsonShape.Check(document.RootElement, type).Take(10).ToList();
            if (faults.Count > 0)
            {
                throw Invalid(string.Join(" ", faults));
            }

            return document.RootElement.Deserialize(type) ?? throw Invalid("The body is null: send a JSON object.");
        }
        catch (JsonException exception)
        {
            throw Invalid(Describe(exception), exception);
        }
    }

    public static Task<JobRequest> ReadJobAsync(HttpRequest request, CancellationToken cancellationToken) =>
        ReadAsync(request, QuiverJsonContext.Shared.JobRequest, cancellationToken);

    public static Task<CollectionSettings> ReadSettingsAsync(HttpRequest request, CancellationToken cancellationToken) =>
        ReadAsync(request, QuiverJsonContext.Shared.CollectionSettings, cancellationToken);

    public static Task<SearchQuery> ReadSearchAsync(HttpRequest request, CancellationToken cancellationToken) =>
        ReadAsync(request, QuiverJsonContext.Shared.SearchQuery, cancellationToken);

    public static Task<ChunkPreviewQuery> ReadPreviewAsync(HttpRequest request, CancellationToken cancellationToken) =>
        ReadAsync(request, QuiverJsonContext.Shared.ChunkPreviewQuery, cancellationToken);

    public static Task<FacetQuery> ReadFacetAsync(HttpRequest request, CancellationToken cancellationToken) =>
        ReadAsync(request, QuiverJsonContext.Shared.FacetQuery, cancellationToken);

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        // The server has already limited the size of requests.
        using var buffer = new MemoryStream();
        await stream.CopyToAsync(buffer, cancellationToken);
        var bytes = buffer.GetBuffer().AsMemory(0, (int)buffer.Length);
        return bytes.Span.StartsWith("\uFEFF"u8) ? bytes[3..] : bytes;
    }

    // The serializer's messages name .NET types, which mean nothing to a caller.
    private static string Describe(JsonException exception) => exception switch
    {
        { Path: null, LineNumber: { } line } => $"The body is not valid JSON at line {line + 1}, byte {exception.BytePositionInLine}: {JsonFaults.Describe(exception)}.",
        { Path: null } => $"The body is not valid JSON: {JsonFaults.Describe(exception)}.",
        _ when exception.Message.Contains("System.", StringComparison.Ordinal) || exception.Message.Contains("Quiver.", StringComparison.Ordinal) =>
            $"The value at '{exception.Path}' has the wrong type: /openapi/v1.json has the types.",
        _ => $"The value at '{exception.Path}' is not valid: {JsonFaults.Describe(exception)}.",
    };

    private static BadHttpRequestException Unsupported(string message) => new(message, StatusCodes.Status415UnsupportedMediaType);

    private static InvalidRequestException Invalid(string message, Exception? inner = null) => new(RequestErrorCodes.InvalidRequest, message, inner);
}

/// <summary>Finds unknown and missing members of a JSON value, by the names that the caller wrote.</summary>
internal static class JsonShape
{
    private const int MaxExampleLength = 40;

    /// <summary>One sentence for each fault.</summary>
    public static IEnumerable<string> Check(JsonElement value, JsonTypeInfo type, string path = "")
    {
        if (type.Kind == JsonTypeInfoKind.Dictionary && type.ElementType == typeof(string) && value.ValueKind == JsonValueKind.Object)
        {
            foreach (var entry in value.EnumerateObject().Where(static entry => entry.Value.ValueKind != JsonValueKind.String))
            {
                yield return $"The value at '{path}.{entry.Name}' must be a string{Quoted(entry.Value)}.";
            }
        }

        if (type.Kind != JsonTypeInfoKind.Object || value.ValueKind != JsonValueKind.Object)
        {
            yield break;
        }

        foreach (var member in value.EnumerateObject())
        {
            var at = path.Length == 0 ? member.Name : $"{path}.{member.Name}";
            if (type.Properties.FirstOrDefault(property => property.Name == member.Name) is not { } property)
            {
                yield return $"The member '{at}' is unknown; known are {string.Join(", ", type.Properties.Select(static known => known.Name))}.";
                continue;
            }

            foreach (var fault in Check(member.Value, type.Options.GetTypeInfo(property.PropertyType), at))
            {
                yield return fault;
            }
        }

        foreach (var required in type.Properties.Where(property => property.IsRequired && !value.TryGetProperty(property.Name, out _)))
        {
            yield return $"The member '{(path.Length == 0 ? required.Name : $"{path}.{required.Name}")}' is missing.";
        }
    }

    private static string Quoted(JsonElement value) =>
        value.ValueKind is JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False && value.GetRawText() is { Length: <= MaxExampleLength } raw
            ? $", such as \"{raw}\""
            : "";
}
