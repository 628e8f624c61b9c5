using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Quiver.Client.Json;
using Quiver.Client.Requests;
using Quiver.Silo.Api.Problems;

namespace Quiver.Silo.Api.OpenApi;

/// <summary>Adds to each operation the tenant's header, descriptions of the parameters, and the failures with their codes.</summary>
internal sealed class OperationTransformer : IOpenApiOperationTransformer
{
    public async Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
        {
            ParameterCatalogue.Describe(parameter);
        }

        if (context.Description.RelativePath?.StartsWith("v1/", StringComparison.Ordinal) == true)
        {
            (operation.Parameters ??= []).Add(ParameterCatalogue.Tenant());
        }

        operation.Responses ??= [];
        foreach (var (status, response) in operation.Responses)
        {
            response.Description = Success(status, response.Description);
        }

        var failures = context.Description.ActionDescriptor.EndpointMetadata.OfType<FailureMetadata>().ToLookup(static failure => failure.Status);
        if (failures.Count == 0)
        {
            return;
        }

        var problem = await ProblemSchemaAsync(context, cancellationToken);
        foreach (var failure in failures.OrderBy(static group => group.Key))
        {
            operation.Responses[failure.Key.ToString(CultureInfo.InvariantCulture)] = new OpenApiResponse
            {
                Description = Describe(failure.SelectMany(static metadata => metadata.Codes)),
                Headers = failure.Key is 429 or 503 ? RetryAfter() : null,
                Content = new Dictionary<string, OpenApiMediaType> { [Problem.ContentType] = new OpenApiMediaType { Schema = problem } },
            };
        }
    }

    private static string Describe(IEnumerable<string> codes) =>
        string.Join("; ", codes.Distinct().Select(static code => $"`{code}`: {ProblemCatalogue.Title(code)}")) + ".";

    private static string? Success(string status, string? otherwise) => status switch
    {
        "200" => "The result.",
        "201" => "The status of the job; the header Location has its address.",
        "204" => "Done.",
        "503" => "Not ready, with the reasons.",
        _ => otherwise,
    };

    private static Dictionary<string, IOpenApiHeader> RetryAfter() => new()
    {
        ["Retry-After"] = new OpenApiHeader
        {
            Description = "Seconds to wait before the next attempt.",
            Schema = new OpenApiSchema { Type = JsonSchemaType.Integer },
        },
    };

    private static async Task<IOpenApiSchema> ProblemSchemaAsync(OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var schema = await context.GetOrCreateSchemaAsync(typeof(Problem), null, cancellationToken);
        if (context.Document is not { } document)
        {
            return schema;
        }

        document.AddComponent(nameof(Problem), schema);
        return new OpenApiSchemaReference(nameof(Problem), document);
    }
}

/// <summary>Describes the API as a whole.</summary>
internal sealed class DocumentTransformer : IOpenApiDocumentTransformer
{
    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Quiver",
            Version = "v1",
            Description =
                "Turns documents into searchable vectors with durable jobs. The header X-Quiver-Tenant names the tenant of a request. Failures are problem "
                + "details (RFC 9457) with a stable code.",
        };

        // Would be the host name of the request, which the caller chooses.
        document.Servers = [];
        ReadableDescriptions.Rewrite(document);
        return Task.CompletedTask;
    }
}

/// <summary>Describes types with custom JSON converters, which the framework cannot inspect.</summary>
internal sealed class SchemaTransformer : IOpenApiSchemaTransformer
{
    private static readonly Dictionary<Type, IReadOnlyList<string>> Enums = new()
    {
        [typeof(JobState)] = [.. EnumNames<JobState>.All],
        [typeof(IndexState)] = [.. EnumNames<IndexState>.All],
        [typeof(JobEventKind)] = [.. EnumNames<JobEventKind>.All],
        [typeof(SyncMode)] = [.. EnumNames<SyncMode>.All],
        [typeof(DocumentFormat)] = [.. EnumNames<DocumentFormat>.All],
        [typeof(VectorDistance)] = [.. EnumNames<VectorDistance>.All],
        [typeof(QuantizationKind)] = [.. EnumNames<QuantizationKind>.All],
    };

    public Task TransformAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        var type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
        if (type == typeof(JobId) || type == typeof(TenantId) || type == typeof(CollectionName))
        {
            (schema.Type, schema.Pattern) = (JsonSchemaType.String, ParameterCatalogue.Name().Pattern);
        }
        else if (type == typeof(TimeSpan))
        {
            (schema.Type, schema.Format, schema.Pattern) = (JsonSchemaType.String, "duration", null);
        }
        else if (Enums.TryGetValue(type, out var names))
        {
            (schema.Type, schema.Enum) = (JsonSchemaType.String, [.. names.Select(static name => (JsonNode)name)]);
        }
        else if (type == typeof(ExportedPoint))
        {
            Point(schema);
        }
        else if (type == typeof(Problem) && schema.Properties is { } members && members.TryGetValue("type", out var member) && member is OpenApiSchema uri)
        {
            (uri.Format, uri.Pattern) = ("uri", $"^{Regex.Escape(Problem.TypePrefix)}[a-z0-9_]+$");
        }

        return Task.CompletedTask;
    }

    private static void Point(OpenApiSchema schema)
    {
        schema.Type = JsonSchemaType.Object;
        schema.Description = "One line of an export.";
        schema.Required = new HashSet<string> { "id", "vector", "payload" };
        schema.Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["id"] = new OpenApiSchema { Type = JsonSchemaType.String, Format = "uuid", Description = "The point's id." },
            ["vector"] = new OpenApiSchema
            {
                Type = JsonSchemaType.Array,
                Items = new OpenApiSchema { Type = JsonSchemaType.Number, Format = "float" },
                Description = "Its vector; each number parses to the same float.",
            },
            ["payload"] = new OpenApiSchema { Type = JsonSchemaType.Object, Description = "Its payload, as stored." },
        };
    }
}
