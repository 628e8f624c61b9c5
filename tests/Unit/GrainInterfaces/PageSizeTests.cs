namespace Quiver.Tests.Unit.GrainInterfaces;

public sealed class PageSizeTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    public void Require_InRange_IsTheLimit(int limit) => Assert.Equal(limit, PageSize.Require(limit));

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1001)]
    public void Require_OutOfRange_IsRefusedWithTheRange(int limit)
    {
        var error = Assert.Throws<InvalidRequestException>(() => PageSize.Require(limit));

        Assert.Equal((ErrorCodes.InvalidOption, $"A page has 1 to 1000 items, not {limit}."), (error.Code, error.Message));
    }
}
