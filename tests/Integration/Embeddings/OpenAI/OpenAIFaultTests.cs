using System.Text.Json.Nodes;
using Quiver.Core.Embedding;
using Quiver.Tests.Support;
using Quiver.Tests.Support.Providers;

namespace Quiver.Tests.Integration.Embeddings.OpenAI;

/// <summary>How failures are classified.</summary>
public sealed class OpenAIFaultTests
{
    public static TheoryData<int, FaultKind, string> Statuses => new()
    {
        { 401, FaultKind.Permanent, ErrorCodes.ProviderDenied },
        { 402, FaultKind.Permanent, ErrorCodes.ProviderQuotaExhausted },
        { 403, FaultKind.Permanent, ErrorCodes.ProviderDenied },
        { 404, FaultKind.Permanent, ErrorCodes.ModelUnavailable },
        { 302, FaultKind.Permanent, ErrorCodes.ModelUnavailable },
        { 408, FaultKind.Transient, ErrorCodes.ProviderUnavailable },
        { 424, FaultKind.Transient, ErrorCodes.ProviderUnavailable },
        { 429, FaultKind.Throttled, ErrorCodes.ProviderThrottled },
        { 500, FaultKind.Transient, ErrorCodes.ProviderUnavailable },
        { 502, FaultKind.Transient, ErrorCodes.ProviderUnavailable },
        { 503, FaultKind.Transient, ErrorCodes.ProviderUnavailable },
        { 529, FaultKind.Transient, ErrorCodes.ProviderUnavailable },
    };

    [Theory]
    [MemberData(nameof(Statuses))]
    public async Task Status_OtherThanSuccess_IsClassified(int status, FaultKind kind, string code)
    {
        await using var rig = await ProviderRig.StartAsync(options => options.ApiKey = "sk-secret");
        rig.Service.Answers(_ => ProviderReply.Error(status, "the key sk-secret is bad\nsecond line"));

        var error = await Assert.ThrowsAnyAsync<QuiverException>(() => rig.EmbedAsync(["a"]));

        Assert.Equal((kind, code), (error.Kind, error.Code));
        Assert.DoesNotContain("sk-secret", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Throttled_WithoutQuota_StopsForGood()
    {
        await using var rig = await ProviderRig.StartAsync();
        rig.Service.Answers(_ => ProviderReply.Error(429, "You exceeded your current quota", "insufficient_quota"));

        var error = await Assert.ThrowsAsync<PermanentException>(() => rig.EmbedAsync(["a"]));

        Assert.Equal(ErrorCodes.ProviderQuotaExhausted, error.Code);
    }

    [Theory]
    [InlineData("retry-after", "7", 7.0)]
    [InlineData("retry-after-ms", "250", 0.25)]
    [InlineData("retry-after", "Wed, 31 Dec 2025 00:00:00 GMT", 0.0)]
    public async Task Throttled_WithAWait_SaysHowLong(string header, string value, double seconds)
    {
        await using var rig = await ProviderRig.StartAsync(time: new ManualTimeProvider());
        rig.Service.Answers(_ => ProviderReply.Error(429) with { Headers = ImmutableDictionary<string, string>.Empty.Add(header, value) });

        var error = await Assert.ThrowsAsync<ThrottledException>(() => rig.EmbedAsync(["a"]));

        Assert.InRange(error.RetryAfter!.Value.TotalSeconds, seconds, seconds + 1);
    }

    [Theory]
    [InlineData("short")]
    [InlineData("twice")]
    [InlineData("beyond")]
    [InlineData("half")]
    [InlineData("empty")]
    [InlineData("number")]
    public async Task Answer_NotWhatWasAskedFor_IsNeverUsed(string fault)
    {
        await using var rig = await ProviderRig.StartAsync(options => options.Encoding = "float");
        rig.Service.Answers(request => fault switch
        {
            "short" => ProviderReply.Ok(request, items => items.Skip(1)),
            "twice" => ProviderReply.Ok(request, items => items.Select(item => (0, item.Embedding))),
            "beyond" => ProviderReply.Ok(request, items => items.Select(item => (item.Index + 1, item.Embedding))),
            "half" => ProviderReply.Ok(request) is var whole ? whole with { Body = whole.Body[..(whole.Body.Length / 2)] } : throw new InvalidOperationException(),
            "empty" => new ProviderReply { Body = "{}" },
            _ => ProviderReply.Ok(request, items => items.Select(item => (item.Index, (JsonNode)42))),
        });

        var error = await Assert.ThrowsAsync<TransientException>(() => rig.EmbedAsync(["a", "b"]));

        Assert.Equal(ErrorCodes.InvalidEmbedding, error.Code);
        Assert.Empty(rig.Cache.Entries);
    }

    [Theory]
    [InlineData(7)]
    [InlineData(9)]
    [InlineData(2000)]
    public async Task Answer_OfAnotherDimension_StopsForGoodWithBothNumbers(int dimensions)
    {
        await using var rig = await ProviderRig.StartAsync(options => options.Encoding = "float");
        rig.Service.Answers(request => ProviderReply.Ok(
            request, items => items.Select(item => (item.Index, ProviderReply.Vector([.. Enumerable.Repeat(0.1f, dimensions)], base64: false)))));

        var error = await Assert.ThrowsAsync<PermanentException>(() => rig.EmbedAsync(["a"]));

        Assert.Equal(ErrorCodes.DimensionMismatch, error.Code);
        Assert.Contains($"{dimensions} dimensions", error.Message, StringComparison.Ordinal);
        Assert.Contains("Dimensions is 8", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("nan")]
    [InlineData("zero")]
    [InlineData("huge")]
    public async Task Answer_UnusableForOneText_RefusesItAlone(string fault)
    {
        var texts = Enumerable.Range(0, 20).Select(i => $"text {i}").ToArray();
        await using var rig = await ProviderRig.StartAsync(options => options.Encoding = fault == "nan" ? "base64" : "float");
        rig.Service.Answers(request => ProviderReply.Ok(request, items => items.Select(item => (item.Index, request.Texts[item.Index] == "text 13" ? Broken() : item.Embedding))));

        var answer = await rig.EmbedAsync(texts);

        Assert.Equal(ErrorCodes.InvalidEmbedding, EmbeddingRefusal.Find(answer[13])!.Code);
        Assert.Equal(19, rig.Cache.Entries.Count);
        string[] others = [.. texts.Where(text => text != "text 13")];
        ProviderRig.AssertRight(others, new(answer.Where(embedding => EmbeddingRefusal.Find(embedding) is null)));

        JsonNode Broken() => fault switch
        {
            "null" => new JsonArray(null, 1, 1, 1, 1, 1, 1, 1),
            "nan" => ProviderReply.Vector([float.NaN, 1, 1, 1, 1, 1, 1, 1], base64: true),
            "zero" => new JsonArray([.. Enumerable.Repeat(0, 8).Select(zero => (JsonNode)zero)]),
            _ => JsonNode.Parse("[1e39,0,0,0,0,0,0,0]")!,
        };
    }

    [Theory]
    [InlineData(0)]
    [InlineData(40)]
    public async Task Connection_CutInTheAnswer_IsAPassingFault(int after)
    {
        await using var rig = await ProviderRig.StartAsync();
        rig.Service.Answers(request => ProviderReply.Ok(request) with { CutAfter = after });

        var error = await Assert.ThrowsAsync<TransientException>(() => rig.EmbedAsync(["a", "b"]));

        Assert.Equal(ErrorCodes.ProviderUnavailable, error.Code);
    }

    [Fact]
    public async Task Service_OutOfReach_IsAPassingFault()
    {
        await using var rig = await ProviderRig.StartAsync(options => options.BaseAddress = "http://127.0.0.1:1");

        var error = await Assert.ThrowsAsync<TransientException>(() => rig.EmbedAsync(["a"]));

        Assert.Equal(ErrorCodes.ProviderUnavailable, error.Code);
    }

    [Fact]
    public async Task Answer_LargerThanAnyHonestOne_IsNotRead()
    {
        await using var rig = await ProviderRig.StartAsync();
        rig.Service.Answers(_ => new ProviderReply { Body = new string(' ', 1 << 20) });

        var error = await Assert.ThrowsAsync<TransientException>(() => rig.EmbedAsync(["a"]));

        Assert.Equal(ErrorCodes.InvalidEmbedding, error.Code);
        Assert.Contains("more than", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Key_Missing_IsSaidWithoutARequest()
    {
        await using var rig = await ProviderRig.StartAsync(options => options.Preset = "openai");

        var error = await Assert.ThrowsAsync<PermanentException>(() => rig.EmbedAsync(["a"]));

        Assert.Equal(ErrorCodes.ProviderDenied, error.Code);
        Assert.Contains("OPENAI_API_KEY", error.Message, StringComparison.Ordinal);
        Assert.Empty(rig.Service.Requests);
    }
}
