using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Quiver.Silo.Api.OpenApi;
using Quiver.Silo.Api.Problems;
using Quiver.Silo.Api.Requests;
using Quiver.Tests.Unit.Architecture;

namespace Quiver.Tests.Integration.Api;

public sealed class OpenApiTests
{
    [Fact]
    public async Task Endpoints_OfV1_TakeTheirTenantFromTheHeaderAloneAndAreDescribed()
    {
        await using var server = await ApiServer.StartAsync();
        using var document = await ReadAsync(server);
        var paths = document.RootElement.GetProperty("paths");
        var endpoints = server.Server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith("/v1", StringComparison.Ordinal))
            .ToList();

        Assert.Equal(25, endpoints.Count);
        foreach (var endpoint in endpoints)
        {
            var route = endpoint.RoutePattern.RawText!.TrimEnd('/');
            var method = Assert.Single(endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods).ToLowerInvariant();
            Assert.True(paths.TryGetProperty(route, out var path), $"{route} is missing");
            Assert.True(path.TryGetProperty(method, out var operation), $"{method} {route} is missing");
            AssertTenant(endpoint, operation, $"{method} {route}");
            AssertDescribed(operation, $"{method} {route}");
        }
    }

    [Fact]
    public async Task Schemas_OfRequests_NameNoTenant()
    {
        await using var server = await ApiServer.StartAsync();
        using var document = await ReadAsync(server);
        var schemas = document.RootElement.GetProperty("components").GetProperty("schemas");

        foreach (var name in (string[])["JobRequest", "JobSourceRequest", "SearchQuery", "FacetQuery", "ChunkPreviewQuery"])
        {
            Assert.DoesNotContain(schemas.GetProperty(name).GetProperty("properties").EnumerateObject(), property => property.NameEquals("tenant"));
        }

        Assert.Equal(["collection", "source"], schemas.GetProperty("JobRequest").GetProperty("required").EnumerateArray().Select(item => item.GetString()!));
    }

    [Fact]
    public async Task Schemas_OfEnumsAndNames_AreStrings()
    {
        await using var server = await ApiServer.StartAsync();
        using var document = await ReadAsync(server);
        var schemas = document.RootElement.GetProperty("components").GetProperty("schemas");

        Assert.Equal("completedWithWarnings", schemas.GetProperty("JobState").GetProperty("enum")[4].GetString());
        Assert.Equal("string", schemas.GetProperty("JobId").GetProperty("type").GetString());
        Assert.Equal("duration", schemas.GetProperty("JobStatus").GetProperty("properties").GetProperty("elapsed").GetProperty("format").GetString());
    }

    /// <summary>What the client behind an endpoint throws, by the endpoint; all of it is in the document with its status.</summary>
    public static TheoryData<string, string, string?, QuiverException> Failures => new()
    {
        { "post", "/v1/jobs", Job, new InvalidRequestException(ErrorCodes.IdempotencyTokenReused, "m") },
        { "post", "/v1/jobs", Job, new ConflictException(ErrorCodes.ModelMismatch, "m") },
        { "post", "/v1/jobs", Job, new ThrottledException(ErrorCodes.ServerUnavailable, "m") },
        { "post", "/v1/jobs", Job, new PermanentException(ErrorCodes.StorageFull, "m") },
        { "post", "/v1/jobs/{job}/retry", null, new PermanentException(ErrorCodes.StorageFull, "m") },
        { "post", "/v1/collections/{name}/search", Search, new ConflictException(ErrorCodes.ModelMismatch, "m") },
        { "post", "/v1/collections/{name}/search", Search, new InvalidDocumentException(ErrorCodes.RefusedText, "m") },
        { "post", "/v1/collections/{name}/search", Search, new ThrottledException(ErrorCodes.ProviderThrottled, "m") },
        { "post", "/v1/collections/{name}/search", Search, new PermanentException(ErrorCodes.ModelUnavailable, "m") },
        { "put", "/v1/collections/{name}", "{}", new PermanentException(ErrorCodes.StorageFull, "m") },
        { "get", "/v1/collections/{name}", null, new ThrottledException(ErrorCodes.ServerUnavailable, "m") },
        { "post", "/v1/providers/{provider}/test", null, new InvalidDocumentException(ErrorCodes.RefusedText, "m") },
    };

    private const string Job = """{"collection":"docs","source":{"paths":["/data"]}}""";
    private const string Search = """{"query":"q"}""";

    [Theory]
    [MemberData(nameof(Failures), DisableDiscoveryEnumeration = true)]
    public async Task Failure_ThatAnEndpointAnswers_IsInItsResponses(string method, string path, string? body, QuiverException failure)
    {
        await using var server = await ApiServer.StartAsync();
        server.Script.Faults.Enqueue(failure);
        using var request = new HttpRequestMessage(new(method), Path(path));
        request.Content = body is null ? null : new StringContent(body, null, "application/json");

        using var response = await server.Http.SendAsync(request, TestContext.Current.CancellationToken);

        using var document = await ReadAsync(server);
        var responses = document.RootElement.GetProperty("paths").GetProperty(path).GetProperty(method).GetProperty("responses");
        var status = ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture);
        Assert.True(responses.TryGetProperty(status, out var listed), $"{method} {path} answers {status}, which the document does not list.");
        Assert.Contains($"`{failure.Code}`", listed.GetProperty("description").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Document_References_LeadToItsComponents()
    {
        await using var server = await ApiServer.StartAsync();
        using var document = await ReadAsync(server);

        var references = Strings(document.RootElement, "$ref").Distinct().ToList();

        Assert.True(references.Count > 20, $"{references.Count} references.");
        foreach (var reference in references)
        {
            Assert.StartsWith("#/", reference, StringComparison.Ordinal);
            var at = document.RootElement;
            foreach (var part in reference[2..].Split('/'))
            {
                Assert.True(at.TryGetProperty(part, out var next), $"{reference} leads to nothing");
                at = next;
            }
        }
    }

    [Fact]
    public async Task Descriptions_SpeakOfJsonAlone()
    {
        await using var server = await ApiServer.StartAsync();
        using var document = await ReadAsync(server);

        var descriptions = Strings(document.RootElement, "description").ToList();

        Assert.True(descriptions.Count > 200, $"{descriptions.Count} descriptions.");
        Assert.All(descriptions, static text => Assert.DoesNotMatch(@"&\w+;|\b[A-Z]\w+\.[A-Z]\w+|\bint\?|\bstring\?", text));
        var schemas = document.RootElement.GetProperty("components").GetProperty("schemas");
        Assert.Equal(
            "Tokens that a chunk repeats from the previous one, 0 to half of `maxTokens`; null takes the silo's default.",
            schemas.GetProperty("ChunkingSpec").GetProperty("properties").GetProperty("overlapTokens").GetProperty("description").GetString());
        Assert.Contains(
            "1 to 64;", schemas.GetProperty("JobSpec").GetProperty("properties").GetProperty("maxInFlight").GetProperty("description").GetString(), StringComparison.Ordinal);
        Assert.Equal(
            "How to treat known documents. Default: `update`.",
            schemas.GetProperty("JobSpec").GetProperty("properties").GetProperty("sync").GetProperty("description").GetString());
    }

    [Fact]
    public async Task ProblemType_IsTheUriThatIsDocumented()
    {
        await using var server = await ApiServer.StartAsync();
        using var document = await ReadAsync(server);

        var type = document.RootElement.GetProperty("components").GetProperty("schemas").GetProperty("Problem").GetProperty("properties").GetProperty("type");

        Assert.Equal("uri", type.GetProperty("format").GetString());
        Assert.Matches(type.GetProperty("pattern").GetString()!, $"urn:quiver:error:{ErrorCodes.UnknownJob}");
        Assert.Contains("`urn:quiver:error:` and the code", type.GetProperty("description").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Codes_OfAllFailures_HaveATitleAndAreDocumented()
    {
        await using var server = await ApiServer.StartAsync();
        var codes = server.Server.Services.GetRequiredService<EndpointDataSource>().Endpoints
            .SelectMany(static endpoint => endpoint.Metadata.OfType<FailureMetadata>())
            .SelectMany(static failure => failure.Codes)
            .Distinct();

        var documented = SourceTree.Lines("docs/http.md")
            .Select(static line => Regex.Match(line, @"^\| [0-9, ]+ \| `(\w+)` \| (.+) \|$"))
            .Where(static row => row.Success)
            .ToDictionary(static row => row.Groups[1].Value, static row => row.Groups[2].Value);

        Assert.Equal(ProblemCatalogue.Codes.Order(), documented.Keys.Order());
        Assert.All(documented, static row => Assert.Equal(ProblemCatalogue.Title(row.Key), row.Value));
        Assert.All(codes, code => Assert.Contains(code, documented.Keys));
    }

    [Fact]
    public async Task Operations_Ids_AreUnique()
    {
        await using var server = await ApiServer.StartAsync();
        using var document = await ReadAsync(server);

        var ids = document.RootElement.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject())
            .Select(operation => operation.Value.GetProperty("operationId").GetString())
            .ToList();

        Assert.Equal(28, ids.Count);
        Assert.Equal(ids.Count, ids.Distinct().Count());
    }

    private static void AssertTenant(RouteEndpoint endpoint, JsonElement operation, string where)
    {
        var handler = endpoint.Metadata.GetRequiredMetadata<System.Reflection.MethodInfo>();
        Assert.True(handler.GetParameters().Count(parameter => parameter.ParameterType == typeof(TenantClient)) == 1, $"{where} does not bind its tenant");
        var tenants = operation.GetProperty("parameters").EnumerateArray()
            .Where(parameter => parameter.GetProperty("name").GetString()!.Contains("tenant", StringComparison.OrdinalIgnoreCase))
            .Select(parameter => (parameter.GetProperty("name").GetString(), parameter.GetProperty("in").GetString()));
        Assert.Equal([("X-Quiver-Tenant", "header")], tenants);
    }

    private static void AssertDescribed(JsonElement operation, string where)
    {
        Assert.False(string.IsNullOrEmpty(operation.GetProperty("summary").GetString()), $"{where} has no summary");
        foreach (var parameter in operation.GetProperty("parameters").EnumerateArray())
        {
            Assert.True(parameter.TryGetProperty("description", out _), $"{where}: {parameter} has no description");
        }

        var responses = operation.GetProperty("responses").EnumerateObject().ToList();
        Assert.Contains(responses, response => response.Name.StartsWith('2'));
        foreach (var status in (string[])["400", "403", "429", "500", "503", "504"])
        {
            Assert.Contains(responses, response => response.Name == status);
        }

        foreach (var response in responses.Where(response => response.Name[0] is '4' or '5'))
        {
            Assert.Contains("`", response.Value.GetProperty("description").GetString(), StringComparison.Ordinal);
            Assert.Equal(
                "#/components/schemas/Problem",
                response.Value.GetProperty("content").GetProperty("application/problem+json").GetProperty("schema").GetProperty("$ref").GetString());
        }
    }

    private static string Path(string route) => route
        .Replace("{job}", "job-1", StringComparison.Ordinal)
        .Replace("{name}", "docs", StringComparison.Ordinal)
        .Replace("{provider}", "local", StringComparison.Ordinal);

    /// <summary>The texts of all members of this name.</summary>
    private static IEnumerable<string> Strings(JsonElement element, string name) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(member =>
            member.NameEquals(name) && member.Value.ValueKind == JsonValueKind.String ? [member.Value.GetString()!] : Strings(member.Value, name)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(item => Strings(item, name)),
        _ => [],
    };

    private static async Task<JsonDocument> ReadAsync(ApiServer server) =>
        await JsonDocument.ParseAsync(
            await server.Http.GetStreamAsync("/openapi/v1.json", TestContext.Current.CancellationToken), default, TestContext.Current.CancellationToken);
}
