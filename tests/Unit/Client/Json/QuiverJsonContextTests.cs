using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using FsCheck;
using FsCheck.Fluent;
using Quiver.Client.Json;
using Quiver.Client.Requests;

namespace Quiver.Tests.Unit.Client.Json;

public sealed class QuiverJsonContextTests
{
    private static readonly QuiverJsonContext Json = QuiverJsonContext.Shared;

    [Fact]
    public void Request_OfATable_ReadsBackTheSame()
    {
        var spec = new JobSpec
        {
            Tenant = TenantId.Parse("t"),
            Collection = CollectionName.Parse("c"),
            Source = new() { Kind = "postgres", Paths = ["postgres://shop"], Table = new() { Name = "docs", KeyColumns = ["a", "b"], Where = "x < 'é'" } },
        };

        var text = JsonSerializer.Serialize(JobRequest.From(spec), Json.JobRequest);
        var back = JsonSerializer.Deserialize(text, Json.JobRequest)!.ToSpec(spec.Tenant);
        var least = JsonSerializer.Deserialize("{\"collection\":\"c\",\"source\":{\"kind\":\"postgres\",\"paths\":[\"postgres://shop\"],\"table\":{\"name\":\"docs\"}}}", Json.JobRequest)!;

        Assert.Equal(spec.Source.Table, back.Source.Table);
        Assert.Equal(new TableSpec { Name = "docs" }, least.ToSpec(spec.Tenant).Source.Table);
    }

    [Fact]
    public void Status_WithEverything_ReadsBackTheSame()
    {
        var status = new JobStatus
        {
            Id = JobId.Parse("j"),
            Spec = new()
            {
                Tenant = TenantId.Parse("t"),
                Collection = CollectionName.Parse("c"),
                Source = new() { Paths = ["/ä"], Format = DocumentFormat.Markdown },
                Sync = SyncMode.Append,
                DryRun = true,
            },
            State = JobState.CompletedWithWarnings,
            CreatedAt = new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero),
            Elapsed = new TimeSpan(1, 2, 3, 4, 5),
            Counters = new() { Documents = 1, Superseded = 2 },
            ErrorMessage = "\"<ü>\"",
        };

        var text = JsonSerializer.Serialize(status, Json.JobStatus);
        var back = JsonSerializer.Deserialize(text, Json.JobStatus)!;

        Assert.Equal(text, JsonSerializer.Serialize(back, Json.JobStatus));
        Assert.Equal((status.Id, status.State, status.CreatedAt, status.Elapsed, status.Counters), (back.Id, back.State, back.CreatedAt, back.Elapsed, back.Counters));
        Assert.Contains("\"completedWithWarnings\"", text, StringComparison.Ordinal);
        Assert.Contains("\"P1DT2H3M4.005S\"", text, StringComparison.Ordinal);
        Assert.Contains("<ü>", text, StringComparison.Ordinal);
        Assert.DoesNotContain("null", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"sleeping\"")]
    [InlineData("5")]
    public void Enum_WithAnUnknownValue_IsRefusedWithTheKnownOnes(string value)
    {
        var text = $$$"""{"sequence":1,"kind":"stateChanged","at":"2026-01-01T00:00:00Z","state":{{{value}}},"counters":{}}""";

        var error = Assert.Throws<JsonException>(() => JsonSerializer.Deserialize(text, Json.JobEvent));

        Assert.Contains("queued, running, paused", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Durations_OfAnyLength_ReadBackToTheTick() => Check.QuickThrowOnFailure(Prop.ForAll(
        ArbMap.Default.ArbFor<TimeSpan>(),
        duration =>
        {
            var type = (JsonTypeInfo<TimeSpan>)Json.Options.GetTypeInfo(typeof(TimeSpan));
            return JsonSerializer.Deserialize(JsonSerializer.Serialize(duration, type), type) == duration;
        }));

    [Theory]
    [InlineData("""{"id":"x","vector":[],"payload":{}}""")]
    [InlineData("""{"id":"00000000-0000-0000-0000-000000000000","vector":[1e99],"payload":{}}""")]
    [InlineData("""{"id":"00000000-0000-0000-0000-000000000000","vector":["1"],"payload":{}}""")]
    [InlineData("""{"id":"00000000-0000-0000-0000-000000000000","vector":[],"payload":[]}""")]
    [InlineData("""{"vector":[],"payload":{}}""")]
    [InlineData("[]")]
    public void Point_ThatIsNone_IsRefused(string text) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize(text, Json.ExportedPoint));
}
