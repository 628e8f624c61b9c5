using Quiver.Adapters.S3;
using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Adapters.S3;

public sealed class S3WaitsTests
{
    private static readonly S3Options Options = new();

    [Fact]
    public void Next_PassingFaults_EndsAfterTheAttemptsUnlessSomethingCameThrough()
    {
        var waits = new S3Waits(Options, 3, TimeProvider.System, new Random(1));

        Assert.NotNull(waits.Next(Fault(S3FaultKind.Transient)));
        Assert.NotNull(waits.Next(Fault(S3FaultKind.Transient)));
        waits.Progressed();
        Assert.NotNull(waits.Next(Fault(S3FaultKind.Transient)));
        Assert.NotNull(waits.Next(Fault(S3FaultKind.Transient)));
        Assert.Null(waits.Next(Fault(S3FaultKind.Transient)));
    }

    [Fact]
    public void Next_Throttled_WaitsAsAskedWithoutAnAttemptButNotForever()
    {
        var time = new ManualTimeProvider();
        var waits = new S3Waits(Options, 1, time, new Random(1));
        var throttled = Fault(S3FaultKind.Throttled) with { RetryAfter = TimeSpan.FromSeconds(45) };

        for (var i = 0; i < 20; i++)
            Assert.Equal(TimeSpan.FromSeconds(45), waits.Next(throttled));
        Assert.Equal(TimeSpan.FromMinutes(10), waits.Next(throttled with { RetryAfter = TimeSpan.FromDays(1) }));
        time.Advance(TimeSpan.FromMinutes(61));
        Assert.Null(waits.Next(throttled));
    }

    [Theory]
    [InlineData("Gone")]
    [InlineData("Changed")]
    [InlineData("Denied")]
    [InlineData("Refused")]
    [InlineData("Credentials")]
    public void Next_WhatDoesNotPass_IsNotTriedAgain(string kind) =>
        Assert.Null(new S3Waits(Options, 9, TimeProvider.System, new Random(1)).Next(Fault(Enum.Parse<S3FaultKind>(kind))));

    private static S3Fault Fault(S3FaultKind kind) => new(kind, "code", "message", new IOException());
}
