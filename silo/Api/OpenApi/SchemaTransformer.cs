using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Quiver.Client.Json;

namespace Quiver.Silo.Api.OpenApi;

/// <summary>Describes the types that have converters of their own, which the framework cannot look into.</summary>
internal sealed class SchemaTransformer : IOpenApiSchemaTransformer
{
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
        else if (type == typeof(JobState))
        {
            Enumerate<JobState>(schema);
        }
        else if (type == typeof(JobEventKind))
        {
            Enumerate<JobEventKind>(schema);
        }
        else if (type == typeof(SyncMode))
        {
            Enumerate<SyncMode>(schema);
        }
        else if (type == typeof(DocumentFormat))
        {
            Enumerate<DocumentFormat>(schema);
        }
        else if (type == typeof(VectorDistance))
        {
            Enumerate<VectorDistance>(schema);
        }
        else if (type == typeof(QuantizationKind))
        {
            Enumerate<QuantizationKind>(schema);
        }
        else if (type == typeof(ExportedPoint))
        {
            Point(schema);
        }

        return Task.CompletedTask;
    }

    private static void Enumerate<T>(OpenApiSchema schema)
        where T : struct, Enum
    {
        schema.Type = JsonSchemaType.String;
        schema.Enum = [.. EnumNames<T>.All.Select(static name => (JsonNode)name)];
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
                Description = "Its vector; each number reads back as the same float.",
            },
            ["payload"] = new OpenApiSchema { Type = JsonSchemaType.Object, Description = "Its payload, as stored." },
        };
    }
}
