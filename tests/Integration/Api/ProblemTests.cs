using System.Net;
using System.Net.Http.Json;
using System.Text;
using Quiver.Client.Http;
using Quiver.Client.Json;
using Quiver.Client.Requests;

namespace Quiver.Tests.Integration.Api;

public sealed class ProblemTests
{
    public static TheoryData<Exception, int, string> Errors => new()
    {
        { new InvalidRequestException(ErrorCodes.InvalidOption, "m"), 400, ErrorCodes.InvalidOption },
        { new NotFoundException(ErrorCodes.UnknownJob, "m"), 404, ErrorCodes.UnknownJob },
        { new ConflictException(ErrorCodes.IllegalTransition, "m"), 409, ErrorCodes.IllegalTransition },
        { new InvalidRequestException(ErrorCodes.IdempotencyTokenReused, "m"), 422, ErrorCodes.IdempotencyTokenReused },
        { new InvalidDocumentException(ErrorCodes.EmptyDocument, "m"), 422, ErrorCodes.EmptyDocument },
        { new ThrottledException(ErrorCodes.QueueFull, "m"), 429, ErrorCodes.QueueFull },
        { new TransientException(ErrorCodes.StorageUnavailable, "m"), 503, ErrorCodes.StorageUnavailable },
        { new TransientException(ErrorCodes.Timeout, "m"), 504, ErrorCodes.Timeout },
        { new PermanentException(ErrorCodes.ModelUnavailable, "m"), 500, ErrorCodes.ModelUnavailable },
        { new TimeoutException("Quiver did not answer in time; try again."), 504, ErrorCodes.Timeout },
        { new OperationCanceledException("The server is stopping; try again."), 503, ErrorCodes.ServerUnavailable },
    };

    [Theory]
    [MemberData(nameof(Errors), DisableDiscoveryEnumeration = true)]
    public async Task Error_OfTheClientBehind_BecomesItsStatusAndCode(Exception error, int status, string code)
    {
        await using var server = await ApiServer.StartAsync();
        server.Script.Faults.Enqueue(error);

        using var response = await server.Http.GetAsync("/v1/jobs/job-1", TestContext.Current.CancellationToken);

        var problem = await ReadAsync(response);
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(status, problem.Status);
        Assert.Equal(code, problem.Code);
        Assert.Equal($"urn:quiver:error:{code}", problem.Type);
        Assert.Equal("/v1/jobs/job-1", problem.Instance);
        Assert.NotEmpty(problem.TraceId!);
        Assert.Equal(error.Message, problem.Detail);
        Assert.Equal(status is 429 or 503, response.Headers.RetryAfter is not null);
    }

    [Fact]
    public async Task UnknownException_Anywhere_LeaksNothing()
    {
        await using var server = await ApiServer.StartAsync();
        server.Script.Faults.Enqueue(new InvalidOperationException("password=hunter2"));

        using var response = await server.Http.GetAsync("/v1/jobs/job-1", TestContext.Current.CancellationToken);

        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Contains(ErrorCodes.Internal, body, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", body, StringComparison.Ordinal);
        Assert.DoesNotContain("InvalidOperation", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Throttled_WithAWait_SaysItInSecondsRoundedUp()
    {
        await using var server = await ApiServer.StartAsync();
        server.Script.Faults.Enqueue(new ThrottledException(ErrorCodes.QueueFull, "m") { RetryAfter = TimeSpan.FromMilliseconds(2100) });

        using var response = await server.Http.GetAsync("/v1/jobs/job-1", TestContext.Current.CancellationToken);

        Assert.Equal(TimeSpan.FromSeconds(3), response.Headers.RetryAfter!.Delta);
    }

    [Theory]
    [InlineData("GET", "/v1/nothing", null, null, 404, RequestErrorCodes.UnknownRoute)]
    [InlineData("GET", "/", null, null, 404, RequestErrorCodes.UnknownRoute)]
    [InlineData("PUT", "/v1/jobs/job-1", null, null, 405, RequestErrorCodes.MethodNotAllowed)]
    [InlineData("POST", "/v1/jobs", "<job/>", "application/xml", 415, RequestErrorCodes.UnsupportedMediaType)]
    [InlineData("POST", "/v1/jobs", "{", "application/json", 400, RequestErrorCodes.InvalidRequest)]
    [InlineData("POST", "/v1/jobs", "[]", "application/json", 400, RequestErrorCodes.InvalidRequest)]
    [InlineData("POST", "/v1/jobs", "", "application/json", 400, RequestErrorCodes.InvalidRequest)]
    [InlineData("GET", "/v1/jobs?limit=many", null, null, 400, ErrorCodes.InvalidOption)]
    [InlineData("GET", "/v1/jobs?state=sleeping", null, null, 400, ErrorCodes.InvalidOption)]
    [InlineData("GET", "/v1/jobs?collection=a%2Fb", null, null, 400, RequestErrorCodes.InvalidCollection)]
    [InlineData("GET", "/v1/jobs/%2Fetc", null, null, 400, RequestErrorCodes.InvalidJob)]
    [InlineData("GET", "/v1/jobs/job-1/events?after=-1", null, null, 400, ErrorCodes.InvalidOption)]
    [InlineData("POST", "/v1/collections/docs/verify?repair=maybe", null, null, 400, ErrorCodes.InvalidOption)]
    public async Task Request_ThatCannotBeServed_IsAProblemToo(string method, string path, string? body, string? type, int status, string code)
    {
        await using var server = await ApiServer.StartAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, type!);
        }

        using var response = await server.Http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(code, (await ReadAsync(response)).Code);
        Assert.Empty(server.Script.Calls);
    }

    [Theory]
    [InlineData("""{"collection":"docs","source":{"paths":["/d"]},"colour":1}""", "'colour'")]
    [InlineData("""{"collection":"docs","source":{"paths":["/d"],"glob":"*"}}""", "'source.glob'")]
    [InlineData("""{"collection":"docs","source":{"paths":["/d"]},"tenant":"other"}""", "'tenant'")]
    [InlineData("""{"source":{"paths":["/d"]}}""", "'collection' is missing")]
    [InlineData("""{"collection":"docs","source":{}}""", "'source.paths' is missing")]
    [InlineData("""{"collection":"docs","source":{"paths":["/d"]},"sync":"merge"}""", "append, update, mirror")]
    [InlineData("""{"collection":"docs","source":{"paths":["/d"]},"sync":1}""", "append, update, mirror")]
    [InlineData("""{"collection":"docs","source":{"paths":["/d"]},"maxInFlight":"many"}""", "maxInFlight")]
    [InlineData("""{"collection":"docs","source":{"paths":["/d",null]}}""", "source.paths")]
    [InlineData("""{"collection":"docs","source":null}""", "source")]
    [InlineData("""{"collection":"docs","collection":"docs2","source":{"paths":["/d"]}}""", "collection")]
    public async Task Submission_ThatIsNotUnderstood_NamesTheMember(string body, string named)
    {
        await using var server = await ApiServer.StartAsync();

        using var response = await server.Http.PostAsync(
            "/v1/jobs", new StringContent(body, Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);

        var problem = await ReadAsync(response);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(RequestErrorCodes.InvalidRequest, problem.Code);
        Assert.Contains(named, problem.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", problem.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("Quiver.", problem.Detail, StringComparison.Ordinal);
        Assert.Empty(server.Script.Submitted);
    }

    [Theory]
    [InlineData("""{"query":"q","filter":{"author":1}}""", "The value at 'filter.author' must be a string, such as \"1\".")]
    [InlineData("""{"query":"q","filter":{"author":null}}""", "The value at 'filter.author' must be a string.")]
    [InlineData("""{"query":"q","filter":{"lang":"en","author":["a"]}}""", "The value at 'filter.author' must be a string.")]
    public async Task Search_FilterThatIsNoText_SaysThatAStringIsWanted(string body, string detail)
    {
        await using var server = await ApiServer.StartAsync();

        using var response = await server.Http.PostAsync(
            "/v1/collections/docs/search", new StringContent(body, Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);

        var problem = await ReadAsync(response);
        Assert.Equal((HttpStatusCode.BadRequest, RequestErrorCodes.InvalidRequest, detail), (response.StatusCode, problem.Code, problem.Detail));
        Assert.Empty(server.Script.Calls);
    }

    [Fact]
    public async Task Body_ThatIsNotUtf8OrHoldsHalfACharacter_IsNamedAsSuch()
    {
        await using var server = await ApiServer.StartAsync();

        var notUtf8 = await SearchAsync(server, [.. "{\"query\":\"caf"u8, 0xE9, .. "\"}"u8]);
        var value = await SearchAsync(server, [.. """{"query":"x \ud83d"}"""u8]);
        var name = await SearchAsync(server, [.. """{"quer\udc00":"x"}"""u8]);
        var whole = await SearchAsync(server, [.. """{"query":"x \ud83d\ude00 \\ud83d"}"""u8]);
        var marked = await SearchAsync(server, [0xEF, 0xBB, 0xBF, .. """{"query":"x"}"""u8]);

        Assert.Equal((400, "The body is not valid UTF-8, from byte 13 on: encode it as UTF-8."), notUtf8);
        Assert.Equal((400, "The value of 'query' holds a lone surrogate, half of an escaped character: remove it or write the other half."), value);
        Assert.Equal((400, "The name of a member holds a lone surrogate, half of an escaped character: remove it or write the other half."), name);
        Assert.Equal((200, 200), (whole.Status, marked.Status));
    }

    [Fact]
    public async Task Body_ThatIsCompressed_IsRefusedByItsEncoding()
    {
        await using var server = await ApiServer.StartAsync();

        var (status, detail) = await SearchAsync(server, [0x1F, 0x8B, 8, 0], "gzip");

        Assert.Equal(415, status);
        Assert.Contains("Content-Encoding is 'gzip'", detail, StringComparison.Ordinal);
        Assert.Empty(server.Script.Calls);
    }

    [Theory]
    [InlineData("""{"query":"x",}""", "the JSON object contains a trailing comma at the end.")]
    [InlineData("""{"query":"x" """, "an object or array is not closed.")]
    [InlineData("", "there is nothing to read.")]
    public async Task Body_ThatIsNoJson_IsDescribedWithoutAdviceToProgrammers(string body, string end)
    {
        await using var server = await ApiServer.StartAsync();

        var (status, detail) = await SearchAsync(server, Encoding.UTF8.GetBytes(body));

        Assert.Equal(400, status);
        Assert.StartsWith("The body is not valid JSON at line 1, byte ", detail, StringComparison.Ordinal);
        Assert.EndsWith(end, detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Body_AboveTheLimit_IsRefused()
    {
        await using var server = await ApiServer.StartAsync(new() { ["Quiver:Api:MaxRequestBodyBytes"] = "2048" });

        using var response = await server.Http.PostAsync(
            "/v1/jobs",
            new StringContent($$$"""{"collection":"docs","source":{"paths":["{{{new string('x', 4096)}}}"]}}""", Encoding.UTF8, "application/json"),
            TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Equal(RequestErrorCodes.RequestTooLarge, (await ReadAsync(response)).Code);
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("-a")]
    [InlineData("")]
    public async Task Tenant_ThatIsNoName_IsRefused(string tenant)
    {
        await using var server = await ApiServer.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/jobs");
        request.Headers.TryAddWithoutValidation(QuiverHeaders.Tenant, tenant);

        using var response = await server.Http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(RequestErrorCodes.InvalidTenant, (await ReadAsync(response)).Code);
    }

    [Theory]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Host", "evil.example")]
    public async Task Caller_ThatIsAForeignPage_IsRefused(string header, string value)
    {
        await using var server = await ApiServer.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/jobs/job-1/cancel");
        request.Headers.TryAddWithoutValidation(header, value);

        using var response = await server.Http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal(RequestErrorCodes.ForbiddenOrigin, (await ReadAsync(response)).Code);
        Assert.Empty(server.Script.Calls);
    }

    [Fact]
    public async Task Host_ThatTheSettingsAllow_IsServed()
    {
        await using var server = await ApiServer.StartAsync(new() { ["Quiver:Api:AllowedHosts:0"] = "quiver.example" });
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/jobs/job-1") { Headers = { Host = "quiver.example" } };

        using var response = await server.Http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private static async Task<(int Status, string Detail)> SearchAsync(ApiServer server, byte[] body, string? encoding = null)
    {
        using var content = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } };
        if (encoding is not null)
        {
            content.Headers.ContentEncoding.Add(encoding);
        }

        using var response = await server.Http.PostAsync("/v1/collections/docs/search", content, TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, response.IsSuccessStatusCode ? "" : (await ReadAsync(response)).Detail!);
    }

    private static async Task<Problem> ReadAsync(HttpResponseMessage response)
    {
        Assert.Equal(Problem.ContentType, response.Content.Headers.ContentType?.MediaType);
        return (await response.Content.ReadFromJsonAsync(QuiverJsonContext.Shared.Problem, TestContext.Current.CancellationToken))!;
    }
}
