using Quiver.Core.Embedding;
using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Core.Embedding;

public sealed class ModelCheckTests
{
    private static readonly CollectionBinding Docs = new() { Key = CollectionKey.Parse("acme/docs"), PhysicalCollection = "docs", Model = "m@1", Dimensions = 3 };

    private readonly ManualTimeProvider _time = new();

    [Theory]
    [InlineData(1, 0, 0, true)]
    [InlineData(2, 0, 0, true)]
    [InlineData(1, 0.3f, 0, true)]
    [InlineData(1, 0.4f, 0, false)]
    [InlineData(0, 1, 0, false)]
    [InlineData(-1, 0, 0, false)]
    public void Compare_DecidesByTheCosine(float x, float y, float z, bool isSame)
    {
        var check = new ModelCheck(_time);

        var error = Record.Exception(() => check.Compare(Docs, "p", ModelCheck.Encode([1, 0, 0]), ModelCheck.Encode([x, y, z])));

        Assert.Equal(isSame, error is null);
        Assert.Equal(!isSame, check.IsDue(Docs));
        if (!isSame)
        {
            Assert.Equal(ErrorCodes.ModelMismatch, Assert.IsType<ConflictException>(error).Code);
            Assert.Contains("Quiver:Providers:p:Revision", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Similarity_OfOtherDimensions_IsNone() => Assert.Equal(0, ModelCheck.Similarity(ModelCheck.Encode([1, 0]), ModelCheck.Encode([1, 0, 0])));

    [Fact]
    public void Encode_LongVector_KeepsItsBeginning()
    {
        var vector = Enumerable.Range(1, 60_000).Select(i => MathF.Sin(i)).ToArray();

        Assert.Equal(4096 * sizeof(float), Convert.FromBase64String(ModelCheck.Encode(vector)).Length);
        Assert.Equal(1, ModelCheck.Similarity(ModelCheck.Encode(vector), ModelCheck.Encode(vector)), 1e-9);
    }

    [Fact]
    public void IsDue_AgainAfterSomeTime()
    {
        var check = new ModelCheck(_time);
        check.Compare(Docs, "p", ModelCheck.Encode([1, 0]), ModelCheck.Encode([1, 0]));

        Assert.False(check.IsDue(Docs));
        Assert.True(check.IsDue(Docs with { BornAfterGeneration = 1 }));
        _time.Advance(TimeSpan.FromMinutes(10));
        Assert.True(check.IsDue(Docs));
    }
}
