using Microsoft.Extensions.Options;
using Quiver.Client.Requests;
using Quiver.Silo.Api.Events;
using Quiver.Silo.Options;

namespace Quiver.Tests.Unit.Silo.Api;

public sealed class EventStreamLimiterTests
{
    private static readonly TenantId A = TenantId.Parse("a");
    private static readonly TenantId B = TenantId.Parse("b");

    private readonly EventStreamLimiter _limiter = new(Microsoft.Extensions.Options.Options.Create(new ApiOptions { MaxEventStreams = 3, MaxEventStreamsPerTenant = 2 }));

    [Fact]
    public void Enter_BeyondTheTenantsShare_LeavesTheOthersTheirs()
    {
        _limiter.Enter(A);
        _limiter.Enter(A);

        var refusal = Assert.Throws<ThrottledException>(() => _limiter.Enter(A));

        Assert.Equal(RequestErrorCodes.TooManyStreams, refusal.Code);
        Assert.NotNull(refusal.RetryAfter);
        _limiter.Enter(B);
        Assert.Throws<ThrottledException>(() => _limiter.Enter(B));
    }

    [Fact]
    public void Dispose_Twice_GivesThePlaceBackOnce()
    {
        var place = _limiter.Enter(A);
        _limiter.Enter(A);

        place.Dispose();
        place.Dispose();

        _limiter.Enter(A);
        Assert.Throws<ThrottledException>(() => _limiter.Enter(A));
    }
}
