using Quiver.Adapters.Embeddings.OpenAI;

namespace Quiver.Tests.Unit.Adapters.Embeddings.OpenAI;

public sealed class ErrorBodyTests
{
    [Theory]
    [InlineData("""{"error":{"message":"a"}}""", "a")]
    [InlineData("""[{"error":{"message":"a"}}]""", "a")]
    [InlineData("""{"error":"a","error_type":"Validation"}""", "a")]
    [InlineData("""{"message":"a"}""", "a")]
    [InlineData("""{"detail":"a"}""", "a")]
    [InlineData("""{"detail":{"message":"a"}}""", "a")]
    [InlineData("""{"detail":{"error":"a"}}""", "a")]
    [InlineData("""{"detail":[{"loc":["body","input"],"msg":"a"},{"msg":"b"},{"type":"c"}]}""", "input: a; b")]
    [InlineData("""{"error":null}""", null)]
    [InlineData("""{"detail":[7]}""", null)]
    [InlineData("""{"error":{"message":7}}""", "7")]
    [InlineData("[]", null)]
    [InlineData("[7]", null)]
    public void Message_OfEachShape_IsFound(string body, string? message)
    {
        var read = ErrorBody.Read(body);

        Assert.Equal((true, message), (read.IsJson, read.Message));
    }

    [Theory]
    [InlineData("<html></html>", "<html></html>")]
    [InlineData(" plain text\n", "plain text")]
    [InlineData("", null)]
    public void Text_IsNoJson(string body, string? message)
    {
        var read = ErrorBody.Read(body);

        Assert.Equal((false, message), (read.IsJson, read.Message));
    }

    [Fact]
    public void Json_ThatIsCut_IsJsonWithItsStart() => Assert.Contains("at most 32 texts", ErrorBody.Read("""{"error":{"message":"at most 32 texts", "trace":"...""").Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"error":{"code":429}}""", 429)]
    [InlineData("""{"error":{"code":"503"}}""", 503)]
    [InlineData("""{"error":{"code":"rate_limited"},"status":404}""", 404)]
    [InlineData("""{"error":{"code":1300}}""", null)]
    public void Status_OfTheCode_IsThatOfAnError(string body, int? status) => Assert.Equal(status, ErrorBody.Read(body).Status);

    [Theory]
    [InlineData("""{"error":{"details":[{"retryDelay":"37s"}]}}""", 37.0)]
    [InlineData("""{"error":{"details":[{"retryDelay":{"seconds":"37","nanos":500}}]}}""", 37.0)]
    [InlineData("""{"error":{"details":["text",7]},"retry_after":"1.5"}""", 1.5)]
    [InlineData("""{"retry_after":20}""", 20.0)]
    [InlineData("""{"retry_after":"soon"}""", null)]
    public void Delay_OfEachShape_IsFound(string body, double? seconds) => Assert.Equal(seconds, ErrorBody.Read(body).Delay?.TotalSeconds);
}
