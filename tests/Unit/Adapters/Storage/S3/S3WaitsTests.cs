
using Quiver.Adapters.Storage.S3;

namespace Quiver.Tests.Unit.Adapters.Storage.S3;

public sealed class S3WaitsTests
{
    private static readonly S3Options Options = new() { MaxAttempts = 3 };

    [Theory]
    [InlineData("Transient")]
    [InlineData("Throttled")]
    public void OfAttempts_EndAfterThemUnlessSomethingCameThrough(string kind)
    {
        var (waits, fault) = (S3Waits.OfAttempts(Options, new Random(1)), Fault(kind));

        Assert.NotNull(waits.Next(fault));
        Assert.NotNull(waits.Next(fault));
        waits.Progressed();
        Assert.NotNull(waits.Next(fault));
        Assert.NotNull(waits.Next(fault));
        Assert.Null(waits.Next(fault));
    }

    [Theory]
    [InlineData("Transient")]
    [InlineData("Throttled")]
    public void AfterProgress_IsAnotherAttempt_AndNoneWithout(string kind)
    {
        var (waits, fault) = (S3Waits.AfterProgress(Options, new Random(1)), Fault(kind));

        Assert.Null(waits.Next(fault));
        waits.Progressed();
        Assert.NotNull(waits.Next(fault));
        Assert.Null(waits.Next(fault));
    }

    [Fact]
    public void Next_WaitsAsAsked_ButALongWaitIsForTheJobToShow()
    {
        var waits = S3Waits.OfAttempts(Options, new Random(1));

        Assert.Equal(TimeSpan.FromSeconds(15), waits.Next(Fault("Throttled") with { RetryAfter = TimeSpan.FromSeconds(15) }));
        Assert.Null(waits.Next(Fault("Throttled") with { RetryAfter = TimeSpan.FromSeconds(21) }));
    }

    [Theory]
    [InlineData("Gone")]
    [InlineData("Changed")]
    [InlineData("Denied")]
    [InlineData("Refused")]
    [InlineData("Credentials")]
    public void Next_WhatDoesNotPass_IsNotTriedAgain(string kind) => Assert.Null(S3Waits.OfAttempts(Options, new Random(1)).Next(Fault(kind)));

    private static S3Fault Fault(string kind) => new(Enum.Parse<S3FaultKind>(kind), "code", "message", new IOException());
}
