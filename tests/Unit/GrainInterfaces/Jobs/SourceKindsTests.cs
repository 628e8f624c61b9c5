namespace Quiver.Tests.Unit.GrainInterfaces.Jobs;

public sealed class SourceKindsTests
{
    [Theory]
    [InlineData("files", "docs", "/a/b", "C:/c", "c://d")]
    [InlineData("s3", "s3://bucket/", "S3://bucket/key")]
    [InlineData("gs", "gs://bucket/")]
    [InlineData("files", "a b://c")]
    public void Of_PathsOfOneKind_IsTheScheme(string kind, params string[] paths) => Assert.Equal(kind, SourceKinds.Of(paths));

    [Fact]
    public void Of_SeveralKinds_IsRefusedWithBoth()
    {
        var error = Assert.Throws<InvalidRequestException>(static () => SourceKinds.Of(["docs", "s3://bucket/"]));

        Assert.Equal(ErrorCodes.InvalidOption, error.Code);
        Assert.Contains("'files' and 's3'", error.Message, StringComparison.Ordinal);
    }
}
