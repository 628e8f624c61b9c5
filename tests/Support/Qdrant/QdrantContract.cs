using System.Text.Json;
using System.Text.Json.Nodes;

namespace Quiver.Tests.Support.Qdrant;

/// <summary>Qdrant's OpenAPI file, where <c>QUIVER_TEST_QDRANT_OPENAPI</c> names it.</summary>
internal sealed class QdrantContract
{
    /// <summary>The variable that names the file.</summary>
    public const string Variable = "QUIVER_TEST_QDRANT_OPENAPI";

    private readonly JsonElement _paths;
    private readonly JsonSchemaSubset _schemas;

    public QdrantContract(string file)
    {
        var root = JsonDocument.Parse(File.ReadAllBytes(file)).RootElement;
        _paths = root.GetProperty("paths");
        _schemas = new(root.GetProperty("components").GetProperty("schemas"));
    }

    /// <summary>The file from the environment; null when it is not set.</summary>
    public static QdrantContract? Shared { get; } =
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } file && File.Exists(file) ? new QdrantContract(file) : null;

    /// <summary>The errors of a request.</summary>
    public IEnumerable<string> CheckRequest(StandInRequest request)
    {
        if (Find(request) is not { } operation)
        {
            return [$"{request.Method} {request.Path} is no operation"];
        }

        var known = operation.TryGetProperty("parameters", out var parameters) ? parameters.EnumerateArray().Select(parameter => parameter.GetProperty("name").GetString()).ToHashSet() : [];
        var faults = request.Query.Keys.Where(name => !known.Contains(name)).Select(name => $"{request.Method} {request.Path} has no parameter {name}").ToList();
        if (operation.TryGetProperty("requestBody", out var body))
        {
            faults.AddRange(_schemas.Check(Schema(body), ToElement(request.Body), $"{request.Method} {request.Path}"));
        }
        else if (request.Body is not null)
        {
            faults.Add($"{request.Method} {request.Path} takes no body");
        }

        return faults;
    }

    /// <summary>The errors of an answer.</summary>
    public IEnumerable<string> CheckAnswer(StandInRequest request, StandInAnswer answer)
    {
        if (Find(request) is not { } operation)
        {
            return [$"{request.Method} {request.Path} is no operation"];
        }

        var responses = operation.GetProperty("responses");
        var described = answer.Status == 200 ? responses.GetProperty("200")
            : responses.TryGetProperty("4XX", out var refusal) ? refusal
            : responses.GetProperty("default");
        return described.TryGetProperty("content", out _) ? _schemas.Check(Schema(described), ToElement(answer.Body), $"{answer.Status} of {request.Method} {request.Path}") : [];
    }

    private JsonElement? Find(StandInRequest request)
    {
        var parts = request.Path.Split('/');
        foreach (var path in _paths.EnumerateObject())
        {
            var template = path.Name.Split('/');
            if (template.Length == parts.Length
                && template.Zip(parts).All(pair => pair.First.StartsWith('{') || pair.First == pair.Second)
                && path.Value.TryGetProperty(request.Method.ToLowerInvariant(), out var operation))
            {
                return operation;
            }
        }

        return null;
    }

    private static JsonElement Schema(JsonElement described) => described.GetProperty("content").GetProperty("application/json").GetProperty("schema");

    private static JsonElement ToElement(JsonNode? node) => JsonSerializer.SerializeToElement(node);
}
