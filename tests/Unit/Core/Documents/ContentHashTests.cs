using Quiver.Core.Documents;
using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Core.Documents;

public sealed class ContentHashTests
{
    [Fact]
    public void Compute_SameInput_IsStable()
    {
        var first = DocumentSamples.Item(0, "a") with { Metadata = ImmutableDictionary<string, string>.Empty.Add("x", "1").Add("y", "2") };
        var second = DocumentSamples.Item(9, "b", origin: "elsewhere") with { Metadata = ImmutableDictionary<string, string>.Empty.Add("y", "2").Add("x", "1") };

        Assert.Equal(ContentHash.Compute(first, "m@1", 16, 2), ContentHash.Compute(second, "m@1", 16, 2));
    }

    [Fact]
    public void Compute_RecordOnAnotherLine_IsTheSame()
    {
        var first = DocumentSamples.Item(0, "a") with { Metadata = ImmutableDictionary<string, string>.Empty.Add("path", "x.jsonl").Add("line", "1") };
        var second = first with { Metadata = first.Metadata.SetItem("line", "2") };

        Assert.Equal(ContentHash.Compute(first, "m", 16, 2), ContentHash.Compute(second, "m", 16, 2));
    }

    [Fact]
    public void Compute_MovedBorders_Differ()
    {
        var empty = ImmutableDictionary<string, string>.Empty;
        var hashes = new[]
        {
            ContentHash.Compute(DocumentSamples.Item(0, "a", "textx") with { Metadata = empty.Add("1", "2") }, "m", 16, 2),
            ContentHash.Compute(DocumentSamples.Item(0, "a") with { Metadata = empty.Add("x1", "2") }, "m", 16, 2),
            ContentHash.Compute(DocumentSamples.Item(0, "a") with { Metadata = empty.Add("x", "12") }, "m", 16, 2),
            ContentHash.Compute(DocumentSamples.Item(0, "a") with { Metadata = empty.Add("x", "12") }, "mt", 16, 2),
            ContentHash.Compute(DocumentSamples.Item(0, "a", "\ud800"), "m", 16, 2),
            ContentHash.Compute(DocumentSamples.Item(0, "a", "\ud801"), "m", 16, 2),
            ContentHash.Compute(DocumentSamples.Item(0, "a", "\ud801"), "m", 16, 3),
        };

        Assert.Equal(hashes.Length, hashes.Select(Convert.ToHexString).Distinct().Count());
    }
}
