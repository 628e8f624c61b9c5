using Quiver.Core.Chunking;
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

        Assert.Equal(ContentHash.Compute(first, "m@1", new(16, 2)), ContentHash.Compute(second, "m@1", new(16, 2)));
    }

    [Fact]
    public void Compute_RecordOnAnotherLine_IsTheSame()
    {
        var first = DocumentSamples.Item(0, "a") with { Metadata = ImmutableDictionary<string, string>.Empty.Add("path", "x.jsonl").Add("line", "1") };
        var second = first with { Metadata = first.Metadata.SetItem("line", "2") };

        Assert.Equal(ContentHash.Compute(first, "m", new(16, 2)), ContentHash.Compute(second, "m", new(16, 2)));
    }

    [Fact]
    public void Compute_MovedBorders_Differ()
    {
        var empty = ImmutableDictionary<string, string>.Empty;
        var hashes = new[]
        {
            ContentHash.Compute(DocumentSamples.Item(0, "a", "textx") with { Metadata = empty.Add("1", "2") }, "m", new(16, 2)),
            ContentHash.Compute(DocumentSamples.Item(0, "a") with { Metadata = empty.Add("x1", "2") }, "m", new(16, 2)),
            ContentHash.Compute(DocumentSamples.Item(0, "a") with { Metadata = empty.Add("x", "12") }, "m", new(16, 2)),
            ContentHash.Compute(DocumentSamples.Item(0, "a") with { Metadata = empty.Add("x", "12") }, "mt", new(16, 2)),
            ContentHash.Compute(DocumentSamples.Item(0, "a", "\ud800"), "m", new(16, 2)),
            ContentHash.Compute(DocumentSamples.Item(0, "a", "\ud801"), "m", new(16, 2)),
            ContentHash.Compute(DocumentSamples.Item(0, "a", "\ud801"), "m", new(16, 3)),
        };

        Assert.Equal(hashes.Length, hashes.Select(Convert.ToHexString).Distinct().Count());
    }

    [Fact]
    public void Compute_ChunkingThatChangesVectors_Differs()
    {
        var plain = new ChunkingOptions(16, 2);
        var hashes = new[] { plain, plain with { EmbedContext = true }, plain with { Strategy = ChunkingStrategy.Fixed } }
            .Select(options => Convert.ToHexString(ContentHash.Compute(DocumentSamples.Item(0, "a"), "m", options)));

        Assert.Equal(3, hashes.Distinct().Count());
    }

    [Fact]
    public void Compute_WithoutContext_IsThatOfFormerVersions()
    {
        // A collection of a former version must not be embedded again: this value never changes.
        var document = DocumentSamples.Item(0, "a", "some text") with { Metadata = ImmutableDictionary<string, string>.Empty.Add("path", "a.md") };

        var hash = Convert.ToHexStringLower(ContentHash.Compute(document, "m@1", new ChunkingOptions(128, 12)));

        Assert.Equal("e502210f646607fd1050c7d0e679d205f0a2d6dead4c410b74f1e5b86afeb7dd", hash);
    }
}
