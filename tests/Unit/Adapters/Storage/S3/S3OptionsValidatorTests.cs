using Quiver.Adapters.Storage.S3;

namespace Quiver.Tests.Unit.Adapters.Storage.S3;

public sealed class S3OptionsValidatorTests
{
    [Fact]
    public void Validate_Defaults_Succeeds() => Assert.True(new S3OptionsValidator().Validate(null, new S3Options()).Succeeded);

    [Fact]
    public void Validate_EverythingWrong_SaysAllOfItAndNoSecret()
    {
        var options = new S3Options
        {
            Endpoint = new Uri("ftp://host"),
            Region = " ",
            SecretKey = "hush-hush",
            IdleTimeout = TimeSpan.Zero,
            MaxAttempts = 0,
            RetryBaseDelay = TimeSpan.Zero,
            RetryMaxDelay = TimeSpan.FromDays(1),
            MaxObjectBytes = 0,
            MaxDocumentBytes = int.MaxValue,
            RangeBytes = 1,
            ReadAhead = 65,
            PageSize = 1_001,
            OnObjectChanged = (ObjectChangedAction)9,
            AllowedBuckets = { "a b" },
        };

        var result = new S3OptionsValidator().Validate(null, options);

        Assert.Equal(14, result.Failures!.Count());
        Assert.All(result.Failures!, static failure => Assert.StartsWith("Quiver:S3:", failure, StringComparison.Ordinal));
        Assert.DoesNotContain("hush-hush", result.FailureMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_CredentialsInTheEndpoint_AreRefusedWithoutShowingThem()
    {
        var result = new S3OptionsValidator().Validate(null, new S3Options { Endpoint = new Uri("https://key:hush@host") });

        Assert.DoesNotContain("hush", Assert.Single(result.Failures!), StringComparison.Ordinal);
    }
}
