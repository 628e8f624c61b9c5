using System.Globalization;
using System.Net;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.OpenApi;
using Quiver.Client.Requests;

namespace Quiver.Silo.Api.OpenApi;

/// <summary>
/// Rewrites descriptions, which come from XML comments, for readers of JSON: entities become characters, and a reference to a member of a type becomes the
/// JSON name of the member or the value of the constant.
/// </summary>
internal static partial class ReadableDescriptions
{
    private static readonly ILookup<string, Type> Types = new[] { typeof(JobSpec), typeof(Problem) }
        .SelectMany(static type => type.Assembly.GetExportedTypes())
        .ToLookup(static type => type.Name, StringComparer.Ordinal);

    /// <summary>Rewrites the descriptions of all schemas of a document.</summary>
    public static void Rewrite(OpenApiDocument document)
    {
        foreach (var schema in document.Components?.Schemas?.Values ?? [])
        {
            Rewrite(schema);
        }
    }

    /// <summary>The text as a reader of JSON understands it.</summary>
    public static string? Rewrite(string? text) => text is null ? null : Reference().Replace(WebUtility.HtmlDecode(text), Replace);

    private static void Rewrite(IOpenApiSchema? schema)
    {
        switch (schema)
        {
            case OpenApiSchemaReference reference:
                reference.Reference.Description = Rewrite(reference.Reference.Description);
                break;
            case OpenApiSchema own:
                own.Description = Rewrite(own.Description);
                Rewrite(own.Items);
                Rewrite(own.AdditionalProperties);
                foreach (var part in (own.Properties?.Values ?? []).Concat(own.OneOf ?? []).Concat(own.AnyOf ?? []).Concat(own.AllOf ?? []))
                {
                    Rewrite(part);
                }

                break;
        }
    }

    private static string Replace(Match match)
    {
        var name = match.Groups["member"].Value;
        var member = Types[match.Groups["type"].Value].SelectMany(type => type.GetMember(name)).FirstOrDefault();
        return member switch
        {
            // The framework writes the type of a member in front of it, but not that of a value of an enum.
            FieldInfo { DeclaringType.IsEnum: true } => $"{match.Groups["before"].Value}{match.Groups["space"].Value}{Code(name)}",
            FieldInfo { IsLiteral: true } constant => Convert.ToString(constant.GetRawConstantValue(), CultureInfo.InvariantCulture) ?? match.Value,
            PropertyInfo => Code(name),
            _ => match.Value,
        };
    }

    private static string Code(string name) => $"`{JsonNamingPolicy.CamelCase.ConvertName(name)}`";

    [GeneratedRegex(@"(?:(?<before>[\w<>\[\],.?]+)(?<space>\s))?\b(?<type>[A-Z]\w*)\.(?<member>[A-Z]\w*)\b", RegexOptions.ExplicitCapture)]
    private static partial Regex Reference();
}
