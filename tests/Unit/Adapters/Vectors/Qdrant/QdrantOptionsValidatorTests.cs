
using Quiver.Adapters.Vectors.Qdrant;

namespace Quiver.Tests.Unit.Adapters.Vectors.Qdrant;

public sealed class QdrantOptionsValidatorTests
{
    [Fact]
    public void Options_AsTheyCome_AreValid() => Assert.True(new QdrantOptionsValidator().Validate(null, new()).Succeeded);

    [Theory]
    [InlineData("localhost:6334")]
    [InlineData("ftp://localhost")]
    [InlineData("http://user:secret@localhost:6334")]
    [InlineData("http://localhost:6334/qdrant")]
    [InlineData("")]
    public void Address_ThatIsNone_IsRefusedWithoutRepeatingIt(string address)
    {
        var result = new QdrantOptionsValidator().Validate(null, new() { Address = address });

        Assert.True(result.Failed);
        Assert.Contains("Quiver:Qdrant:Address", result.FailureMessage, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", result.FailureMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void Address_OfTheRestApi_IsRefusedWithBothAddressesToSet()
    {
        var result = new QdrantOptionsValidator().Validate(null, new() { Address = "http://vectors:6333" });

        Assert.Contains("http://vectors:6334", result.FailureMessage, StringComparison.Ordinal);
        Assert.Contains("Quiver:Qdrant:RestAddress to http://vectors:6333", result.FailureMessage, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("localhost:6333", false)]
    [InlineData("", false)]
    [InlineData("http://user:secret@localhost:6333", false)]
    [InlineData("http://localhost:6333", true)]
    public void RestAddress_IsOptionalButAnAddress(string address, bool isValid)
    {
        var result = new QdrantOptionsValidator().Validate(null, new() { RestAddress = address });

        Assert.Equal(isValid, result.Succeeded);
        Assert.DoesNotContain("secret", result.FailureMessage ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void Options_OutOfRange_AreAllNamed()
    {
        var result = new QdrantOptionsValidator().Validate(
            null, new() { ApiKey = "with\nline", MaxInFlight = 0, MaxRequestBytes = 1, RetryAttempts = 11, ReadTimeout = TimeSpan.Zero });

        Assert.DoesNotContain("with", result.FailureMessage?.Replace("with neither", "", StringComparison.Ordinal) ?? "", StringComparison.Ordinal);
        foreach (var name in (string[])["ApiKey", "MaxInFlight", "MaxRequestBytes", "RetryAttempts", "ReadTimeout"])
        {
            Assert.Contains($"Quiver:Qdrant:{name}", result.FailureMessage, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("1.17.1", true, true, false)]
    [InlineData("1.16.0-dev", true, true, false)]
    [InlineData("1.15.5", false, true, false)]
    [InlineData("1.12.6", false, false, false)]
    [InlineData("1.9.0", false, false, true)]
    [InlineData("2.0.0", true, true, false)]
    [InlineData("master", false, false, false)]
    public void Version_OfAServer_SaysWhatItCanDo(string text, bool fences, bool strict, bool tooOld)
    {
        var version = QdrantVersion.Parse(text);

        Assert.Equal((fences, strict, tooOld), (version.HasUpdateFilter, version.HasStrictMode, version.IsTooOld));
    }
}
