using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Quiver.Silo.Api.Requests;

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

        Assert.Equal(23, endpoints.Count);
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

        foreach (var name in (string[])["JobRequest", "JobSourceRequest", "SearchQuery", "FacetQuery"])
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

    [Fact]
    public async Task Operations_Ids_AreUnique()
    {
        await using var server = await ApiServer.StartAsync();
        using var document = await ReadAsync(server);

        var ids = document.RootElement.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject())
            .Select(operation => operation.Value.GetProperty("operationId").GetString())
            .ToList();

        Assert.Equal(26, ids.Count);
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
        foreach (var status in (string[])["400", "403", "500", "503", "504"])
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

    private static async Task<JsonDocument> ReadAsync(ApiServer server) =>
        await JsonDocument.ParseAsync(
            await server.Http.GetStreamAsync("/openapi/v1.json", TestContext.Current.CancellationToken), default, TestContext.Current.CancellationToken);
}
