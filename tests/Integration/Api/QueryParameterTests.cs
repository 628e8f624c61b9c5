using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Quiver.Client.Json;
using Quiver.Client.Requests;

namespace Quiver.Tests.Integration.Api;

/// <summary>Query parameters that an endpoint does not have are refused like unknown members of a body.</summary>
public sealed class QueryParameterTests
{
    [Fact]
    public async Task UnknownParameter_OfAnyEndpoint_IsRefusedBeforeAnythingElse()
    {
        await using var server = await ApiServer.StartAsync();

        // Probes are called by balancers, which may append a parameter of their own.
        var endpoints = server.Server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(static endpoint => !endpoint.RoutePattern.RawText!.StartsWith("/health", StringComparison.Ordinal))
            .ToList();

        Assert.Equal(28, endpoints.Count);
        foreach (var endpoint in endpoints)
        {
            var method = endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods[0];
            var path = endpoint.RoutePattern.RawText!.Replace("{documentName}", "v1", StringComparison.Ordinal);
            using var request = new HttpRequestMessage(new(method), $"{path}?collectoin=m");

            using var response = await server.Http.SendAsync(request, TestContext.Current.CancellationToken);

            Assert.True(response.StatusCode == HttpStatusCode.BadRequest, $"{method} {path}: {response.StatusCode}");
            var problem = await response.Content.ReadFromJsonAsync(QuiverJsonContext.Shared.Problem, TestContext.Current.CancellationToken);
            Assert.Equal(RequestErrorCodes.InvalidRequest, problem!.Code);
            Assert.StartsWith("The query parameter 'collectoin' is unknown; ", problem.Detail, StringComparison.Ordinal);
        }

        Assert.Empty(server.Script.Calls);
    }

    [Theory]
    [InlineData("/v1/jobs?collectoin=m", "The query parameter 'collectoin' is unknown; known are state, collection, limit, after.")]
    [InlineData("/v1/jobs?tenant=other", "The query parameter 'tenant' is unknown; known are state, collection, limit, after.")]
    [InlineData("/v1/jobs?limit=1&limit=2", "The query parameter 'limit' is given 2 times; give it once.")]
    [InlineData("/v1/jobs?limit=1&Limit=2", "The query parameter 'Limit' is given 2 times; give it once.")]
    [InlineData("/v1/jobs/job-1?verbose", "The query parameter 'verbose' is unknown; this endpoint takes none.")]
    [InlineData("/v1/jobs/job-1?job=job-2", "The query parameter 'job' is unknown; this endpoint takes none.")]
    [InlineData("/v1/jobs/job-1/events?lastEventId=3", "The query parameter 'lastEventId' is unknown; known are after.")]
    [InlineData("/v1/collections?a=1&b=2", "The query parameter 'a' is unknown; known are after, limit. The query parameter 'b' is unknown; known are after, limit.")]
    public async Task Parameter_ThatIsUnknownOrRepeated_IsNamed(string address, string detail)
    {
        await using var server = await ApiServer.StartAsync();

        using var response = await server.Http.GetAsync(address, TestContext.Current.CancellationToken);

        var problem = await response.Content.ReadFromJsonAsync(QuiverJsonContext.Shared.Problem, TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.BadRequest, detail), (response.StatusCode, problem!.Detail));
        Assert.Empty(server.Script.Calls);
    }

    [Theory]
    [InlineData("/v1/jobs?state=running&collection=docs&limit=5")]
    [InlineData("/v1/jobs?LIMIT=5")]
    [InlineData("/v1/jobs?")]
    [InlineData("/health/live?t=1")]
    public async Task Parameter_ThatTheEndpointHas_IsTaken(string address)
    {
        await using var server = await ApiServer.StartAsync();

        using var response = await server.Http.GetAsync(address, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }
}
