using System.Net;
using System.Net.Http.Json;
using Quiver.Client.Json;
using Quiver.Client.Requests;

namespace Quiver.Tests.Integration.Api;

public sealed class JobEventsApiTests
{
    private const string Path = "/v1/jobs/job-1/events";

    [Fact]
    public async Task Stream_ToTheEnd_IsFramedAsServerSentEvents()
    {
        await using var server = await ApiServer.StartAsync();
        server.Script.History = [ScriptedQuiverClient.Event(1), ScriptedQuiverClient.Event(2, JobState.Completed, JobEventKind.StateChanged)];
        server.Script.Live.Writer.Complete();

        using var response = await server.Http.GetAsync(Path, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        Assert.True(response.Headers.CacheControl?.NoCache);
        var frames = text.Split("\n\n");
        Assert.Equal(":", frames[0]);
        Assert.StartsWith("id: 1\nevent: batchCommitted\ndata: {\"sequence\":1,\"kind\":\"batchCommitted\",", frames[1], StringComparison.Ordinal);
        Assert.StartsWith("id: 2\nevent: stateChanged\ndata: {\"sequence\":2,", frames[2], StringComparison.Ordinal);
        Assert.Equal("event: end\ndata: {}", frames[3]);
        Assert.Equal("", frames[4]);
        Assert.Equal(5, frames.Length);
    }

    [Theory]
    [InlineData("", null, 0)]
    [InlineData("?after=7", null, 7)]
    [InlineData("", "9", 9)]
    [InlineData("?after=7", "9", 9)]
    public async Task Stream_TakenUpAgain_GoesOnAfterTheLastEventSeen(string query, string? lastEventId, long expected)
    {
        await using var server = await ApiServer.StartAsync();
        server.Script.Live.Writer.Complete();
        using var request = new HttpRequestMessage(HttpMethod.Get, Path + query);
        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }

        using var response = await server.Http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal([expected], server.Script.WatchedAfter);
    }

    [Fact]
    public async Task Stream_OfAnUnknownJob_IsAProblem()
    {
        await using var server = await ApiServer.StartAsync();
        server.Script.Faults.Enqueue(new NotFoundException(ErrorCodes.UnknownJob, "No."));

        using var response = await server.Http.GetAsync(Path, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        var problem = await response.Content.ReadFromJsonAsync(QuiverJsonContext.Shared.Problem, TestContext.Current.CancellationToken);
        Assert.Equal(ErrorCodes.UnknownJob, problem!.Code);
    }

    [Fact]
    public async Task Stream_WithoutEvents_ShowsThatItLives()
    {
        await using var server = await ApiServer.StartAsync(new() { ["Quiver:Api:EventHeartbeat"] = "00:00:00.010" });
        using var response = await server.Http.GetAsync(Path, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));

        List<string?> lines = [];
        for (var line = 0; line < 6; line++)
        {
            lines.Add(await reader.ReadLineAsync(TestContext.Current.CancellationToken));
        }

        Assert.Equal([":", "", ":", "", ":", ""], lines);
    }

    [Fact]
    public async Task Stream_WhenTheServerDrains_EndsInOrderWithoutItsLastEvent()
    {
        await using var server = await ApiServer.StartAsync();
        server.Script.History = [ScriptedQuiverClient.Event(1)];
        using var response = await server.Http.GetAsync(Path, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        await server.Script.Watching.Task.WaitAsync(TestContext.Current.CancellationToken);

        await server.StopAsync();
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Contains("id: 1\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("event: end", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stream_BeyondATenantsShare_IsThrottled()
    {
        await using var server = await ApiServer.StartAsync(new() { ["Quiver:Api:MaxEventStreamsPerTenant"] = "1" });
        using var first = await server.Http.GetAsync(Path, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        await server.Script.Watching.Task.WaitAsync(TestContext.Current.CancellationToken);

        using var second = await server.Http.GetAsync(Path, TestContext.Current.CancellationToken);
        using var ofAnother = new HttpRequestMessage(HttpMethod.Get, Path);
        ofAnother.Headers.Add("X-Quiver-Tenant", "other");
        using var other = await server.Http.SendAsync(ofAnother, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.TooManyRequests, second.StatusCode);
        Assert.NotNull(second.Headers.RetryAfter);
        var problem = await second.Content.ReadFromJsonAsync(QuiverJsonContext.Shared.Problem, TestContext.Current.CancellationToken);
        Assert.Equal(RequestErrorCodes.TooManyStreams, problem!.Code);
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
    }
}
