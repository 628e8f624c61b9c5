using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Quiver.Client.Json;
using Quiver.Client.Requests;

namespace Quiver.Silo.Api.Requests;

/// <summary>Reads JSON bodies strictly: what the API does not know is refused, not ignored.</summary>
internal static class RequestBody
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>The body.</summary>
    /// <exception cref="InvalidRequestException">With <see cref="RequestErrorCodes.InvalidRequest"/>, or the code of a member that is no valid name.</exception>
    /// <exception cref="BadHttpRequestException">The body is too large, or its content type is another.</exception>
    public static async Task<T> ReadAsync<T>(HttpRequest request, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        if (!request.HasJsonContentType())
        {
            throw new BadHttpRequestException("Send the body as application/json.", StatusCodes.Status415UnsupportedMediaType);
        }

        try
        {
            using var document = await JsonDocument.ParseAsync(request.Body, Strict, cancellationToken);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw Invalid("The body is not a JSON object.");
            }

            var faults = JsonShape.Check(document.RootElement, type).Take(10).ToList();
            if (faults.Count > 0)
            {
                throw Invalid(string.Join(" ", faults));
            }

            return document.RootElement.Deserialize(type) ?? throw Invalid("The body is null.");
        }
        catch (JsonException exception)
        {
            throw Invalid(Describe(exception), exception);
        }
    }

    /// <summary>A submission.</summary>
    public static Task<JobRequest> ReadJobAsync(HttpRequest request, CancellationToken cancellationToken) =>
        ReadAsync(request, QuiverJsonContext.Shared.JobRequest, cancellationToken);

    /// <summary>What is wanted of a collection.</summary>
    public static Task<CollectionSettings> ReadSettingsAsync(HttpRequest request, CancellationToken cancellationToken) =>
        ReadAsync(request, QuiverJsonContext.Shared.CollectionSettings, cancellationToken);

    /// <summary>A question.</summary>
    public static Task<SearchQuery> ReadSearchAsync(HttpRequest request, CancellationToken cancellationToken) =>
        ReadAsync(request, QuiverJsonContext.Shared.SearchQuery, cancellationToken);

    /// <summary>A question for the values of a field.</summary>
    public static Task<FacetQuery> ReadFacetAsync(HttpRequest request, CancellationToken cancellationToken) =>
        ReadAsync(request, QuiverJsonContext.Shared.FacetQuery, cancellationToken);

    // The serializer's own messages name .NET types, which say nothing to a caller.
    private static string Describe(JsonException exception) => exception switch
    {
        { Path: null } => $"The body is not valid JSON: {exception.Message}",
        _ when exception.Message.Contains("System.", StringComparison.Ordinal) || exception.Message.Contains("Quiver.", StringComparison.Ordinal) =>
            $"The value at '{exception.Path}' has the wrong type.",
        _ => $"The value at '{exception.Path}' is not valid: {exception.Message}",
    };

    private static InvalidRequestException Invalid(string message, Exception? inner = null) => new(RequestErrorCodes.InvalidRequest, message, inner);
}
