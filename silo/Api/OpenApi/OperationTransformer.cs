using System.Globalization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Quiver.Client.Requests;
using Quiver.Silo.Api.Problems;

namespace Quiver.Silo.Api.OpenApi;

/// <summary>Completes what the framework knows of an operation: the tenant's header, the parameters, the failures with their codes.</summary>
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
        "200" => "What was asked for.",
        "201" => "The job as it stands; the header Location says where it is.",
        "204" => "Done.",
        "503" => "Not ready, and why.",
        _ => otherwise,
    };

    private static Dictionary<string, IOpenApiHeader> RetryAfter() => new()
    {
        ["Retry-After"] = new OpenApiHeader { Description = "Seconds to wait before the next attempt.", Schema = new OpenApiSchema { Type = JsonSchemaType.Integer } },
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
