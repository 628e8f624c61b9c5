using System.Collections.Frozen;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Quiver.Client.Http;
using Quiver.Client.Json;

namespace Quiver.Silo.Api.OpenApi;

/// <summary>Descriptions of path, query and header parameters. A name means the same in every endpoint.</summary>
internal static class ParameterCatalogue
{
    private const string NamePattern = "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$";

    private static readonly FrozenDictionary<string, (string Description, Func<OpenApiSchema> Schema)> Parameters =
        new Dictionary<string, (string, Func<OpenApiSchema>)>(StringComparer.OrdinalIgnoreCase)
        {
            ["job"] = ("The job's id.", Name),
            ["token"] = ("The token of the link.", static () => new() { Type = JsonSchemaType.String }),
            ["name"] = ("The collection's name.", Name),
            ["provider"] = ("The provider's name in the settings.", Name),
            ["collection"] = ("Only jobs of this collection.", Name),
            ["document"] = ("The document's id.", static () => new() { Type = JsonSchemaType.String, MinLength = 1, MaxLength = 1024 }),
            ["state"] = ("Only jobs in this state.",
                static () => new() { Type = JsonSchemaType.String, Enum = [.. EnumNames<JobState>.All.Select(static name => (JsonNode)name)] }),
            ["limit"] = ("The page's size.", static () => new() { Type = JsonSchemaType.Integer, Format = "int32", Minimum = "1", Maximum = "1000" }),
            ["after"] = ("The member next of the previous page; for events the sequence number after which to continue.",
                static () => new() { Type = JsonSchemaType.String }),
            ["repair"] = ("Whether to repair the difference: documents are marked to be stored again, surplus points are deleted.",
                static () => new() { Type = JsonSchemaType.Boolean }),
            [EventStreamNames.LastEventId] = ("The sequence number of the last event seen; overrides 'after'.",
                static () => new() { Type = JsonSchemaType.Integer, Format = "int64", Minimum = "0" }),
            [QuiverHeaders.IdempotencyKey] = ("A token that makes the submission repeatable: the same request gets the first job, another request is refused. Same as the member idempotencyToken.",
                static () => new() { Type = JsonSchemaType.String, MinLength = 1, MaxLength = 128 }),
            [QuiverHeaders.Tenant] = ("The tenant of the request; 'default' when missing.", Name),
        }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>Sets description and schema of a known parameter.</summary>
    public static void Describe(OpenApiParameter parameter)
    {
        if (parameter.Name is null || !Parameters.TryGetValue(parameter.Name, out var known))
        {
            return;
        }

        parameter.Description = known.Description;
        parameter.Schema = known.Schema();
    }

    /// <summary>The header that names the tenant.</summary>
    public static OpenApiParameter Tenant()
    {
        var parameter = new OpenApiParameter { Name = QuiverHeaders.Tenant, In = ParameterLocation.Header, Required = false };
        Describe(parameter);
        return parameter;
    }

    /// <summary>The schema of a name.</summary>
    public static OpenApiSchema Name() => new() { Type = JsonSchemaType.String, Pattern = NamePattern };
}
