using Quiver.Adapters.Storage.S3;

namespace Quiver.Tests.Unit.Adapters.Storage.S3;

public sealed class S3RetryTests
{
    private static readonly S3Options Options = new() { MaxAttempts = 3 };

    [Theory]
    [InlineData("Transient")]
    [InlineData("Throttled")]
    public void ForCaller_EndAfterThemUnlessSomethingCameThrough(string kind)
    {
        var (retry, fault) = (S3Retry.ForCaller(Options, new Random(1)), Fault(kind));

        Assert.NotNull(retry.Next(fault));
        Assert.NotNull(retry.Next(fault));
        retry.Progressed();
        Assert.NotNull(retry.Next(fault));
        Assert.NotNull(retry.Next(fault));
        Assert.Null(retry.Next(fault));
    }

    [Theory]
    [InlineData("Transient")]
    [InlineData("Throttled")]
    public void ForJob_IsAnotherAttempt_AndNoneWithout(string kind)
    {
        var (retry, fault) = (S3Retry.ForJob(Options, new Random(1)), Fault(kind));

        Assert.Null(retry.Next(fault));
        retry.Progressed();
        Assert.NotNull(retry.Next(fault));
        Assert.Null(retry.Next(fault));
    }

    [Fact]
    public void Next_WaitsAsAsked_ButALongWaitIsForTheJobToShow()
    {
        var retry = S3Retry.ForCaller(Options, new Random(1));

        Assert.Equal(TimeSpan.FromSeconds(15), retry.Next(Fault("Throttled") with { RetryAfter = TimeSpan.FromSeconds(15) }));
        Assert.Null(retry.Next(Fault("Throttled") with { RetryAfter = TimeSpan.FromSeconds(21) }));
    }

    [Theory]
    [InlineData("Gone")]
    [InlineData("Changed")]
    [InlineData("Denied")]
    [InlineData("Refused")]
    [InlineData("Credentials")]
    public void Next_WhatDoesNotPass_IsNotTriedAgain(string kind) => Assert.Null(S3Retry.ForCaller(Options, new Random(1)).Next(Fault(kind)));

    private static S3Fault Fault(string kind) => new(Enum.Parse<S3FaultKind>(kind), "code", "message", new IOException());
}
