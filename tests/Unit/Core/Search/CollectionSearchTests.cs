using Quiver.Core.Search;

namespace Quiver.Tests.Unit.Core.Search;

public sealed class CollectionSearchTests
{
    [Theory]
    [InlineData(null, -1f)]
    [InlineData(null, 1f)]
    [InlineData(VectorDistance.Cosine, 0.5f)]
    [InlineData(VectorDistance.Dot, -12.5f)]
    [InlineData(VectorDistance.Euclid, 0f)]
    [InlineData(VectorDistance.Manhattan, 12.5f)]
    [InlineData(VectorDistance.Euclid, null)]
    public void Threshold_ThatAScoreCanHave_IsTaken(VectorDistance? distance, float? threshold) =>
        Assert.Null(Record.Exception(() => CollectionSearch.ValidateThreshold(Binding(distance), SearchMode.Dense, threshold)));

    [Theory]
    [InlineData(null, 1.5f, "cosine similarity: choose a threshold from -1 to 1")]
    [InlineData(VectorDistance.Cosine, float.NaN, "cosine similarity")]
    [InlineData(VectorDistance.Dot, float.PositiveInfinity, "dot product")]
    [InlineData(VectorDistance.Euclid, -0.1f, "The score threshold -0.1 is not usable, because collection docs measures by Euclid distance")]
    [InlineData(VectorDistance.Manhattan, float.NaN, "the largest distance of a hit: choose 0 or more")]
    public void Threshold_ThatNoScoreCanHave_IsRefusedAndSaysWhatToChoose(VectorDistance? distance, float threshold, string sentence)
    {
        var error = Assert.Throws<InvalidRequestException>(() => CollectionSearch.ValidateThreshold(Binding(distance), SearchMode.Dense, threshold));

        Assert.Equal(ErrorCodes.InvalidOption, error.Code);
        Assert.Contains(sentence, error.Message, StringComparison.Ordinal);
    }

    private static CollectionBinding Binding(VectorDistance? distance) => new()
    {
        Key = new(TenantId.Parse("acme"), CollectionName.Parse("docs")),
        PhysicalCollection = "p",
        Model = "words@1",
        Dimensions = 4,
        Distance = distance,
    };
}
