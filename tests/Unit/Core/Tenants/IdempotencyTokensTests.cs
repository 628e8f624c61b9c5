using FsCheck;
using FsCheck.Fluent;
using Quiver.Core.Tenants;

namespace Quiver.Tests.Unit.Core.Tenants;

public sealed class IdempotencyTokensTests
{
    [Fact]
    public void Find_UnknownToken_IsNull() => Assert.Null(new IdempotencyTokens().Find("x"));

    [Fact]
    public void Find_OtherCase_IsAnotherToken() => Assert.Null(new IdempotencyTokens().Add("Token", JobId.Parse("j1")).Find("token"));

    [Fact]
    public void Add_BeyondTheCap_ForgetsTheOldest()
    {
        var tokens = Enumerable.Range(0, IdempotencyTokens.Capacity + 5).Aggregate(new IdempotencyTokens(), (all, i) => all.Add($"t{i}", JobId.Parse($"j{i}")));

        Assert.Equal(IdempotencyTokens.Capacity, tokens.Entries.Length);
        Assert.Null(tokens.Find("t4"));
        Assert.Equal("j5", tokens.Find("t5")?.Value);
        Assert.Equal("j1004", tokens.Find("t1004")?.Value);
    }

    [Fact]
    public void Remove_Job_ForgetsItsTokensAlone()
    {
        var tokens = new IdempotencyTokens().Add("a", JobId.Parse("j1")).Add("b", JobId.Parse("j2")).Add("c", JobId.Parse("j1"));

        Assert.Equal(["b"], tokens.Remove(JobId.Parse("j1")).Entries.Select(entry => entry.Token));
        Assert.Same(tokens, tokens.Remove(JobId.Parse("j3")));
    }

    [Fact]
    public void Find_AnyTokenWithinTheCap_GivesItsJob() =>
        Prop.ForAll(
            Gen.Choose(1, 200).ToArbitrary(),
            count =>
            {
                var tokens = Enumerable.Range(0, count).Aggregate(new IdempotencyTokens(), (all, i) => all.Add($"t{i}", JobId.Parse($"j{i}")));
                Assert.All(Enumerable.Range(0, count), i => Assert.Equal($"j{i}", tokens.Find($"t{i}")?.Value));
            }).QuickCheckThrowOnFailure();
}
