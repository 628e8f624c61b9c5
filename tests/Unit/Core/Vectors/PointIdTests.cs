using FsCheck;
using FsCheck.Fluent;
using Quiver.Core.Vectors;

namespace Quiver.Tests.Unit.Core.Vectors;

public sealed class PointIdTests
{
    private static readonly CollectionKey Docs = new(TenantId.Parse("acme"), CollectionName.Parse("docs"));

    [Theory]
    [InlineData("acme", "docs", "readme.md", 0, "13a4e55e-605b-5e34-a909-ce4571b22ab0")]
    [InlineData("acme", "docs", "readme.md", 1, "b85a4257-b730-5e2f-8a83-12ea2e06ce35")]
    [InlineData("acme", "docs", "überraschung 🙂", 7, "3e004a94-feb8-5591-af41-c6ab85bdc151")]
    [InlineData("other", "docs", "readme.md", 0, "d6d898f4-b52f-5ae4-b0ce-7fe8276fe111")]
    public void Create_OfAReleasedVersion_NeverChanges(string tenant, string collection, string document, int chunk, string expected) =>
        Assert.Equal(expected, PointId.Create(new(TenantId.Parse(tenant), CollectionName.Parse(collection)), document, chunk).ToString());

    [Fact]
    public void Create_OfAnything_HasVersion5AndTheRfcVariant() =>
        Check.One(Config.QuickThrowOnFailure, Prop.ForAll<NonNull<string>, NonNegativeInt>((document, chunk) =>
        {
            var id = PointId.Create(Docs, document.Get, chunk.Get);
            return id.Version == 5 && id.ToByteArray(bigEndian: true)[8] >> 6 == 0b10;
        }));

    [Fact]
    public void Create_OfDifferentInputs_GivesDifferentIds() =>
        Check.One(Config.QuickThrowOnFailure, Prop.ForAll<(NonNull<string> Document, NonNegativeInt Chunk)[]>(inputs =>
        {
            // Ids are made of Unicode text: unpaired surrogates all become the replacement character.
            var texts = inputs.Select(input => (Document: new string([.. input.Document.Get.Where(c => !char.IsSurrogate(c))]), input.Chunk.Get)).ToHashSet();
            return texts.Select(input => PointId.Create(Docs, input.Document, input.Get)).Distinct().Count() == texts.Count;
        }));

    [Fact]
    public void Create_WithPartsShiftedBetweenNames_GivesDifferentIds()
    {
        var ids = new[]
        {
            PointId.Create(new(TenantId.Parse("a"), CollectionName.Parse("bc")), "d", 0),
            PointId.Create(new(TenantId.Parse("ab"), CollectionName.Parse("c")), "d", 0),
            PointId.Create(new(TenantId.Parse("a"), CollectionName.Parse("b")), "c\nd", 0),
            PointId.Create(new(TenantId.Parse("a"), CollectionName.Parse("b")), "c\nd\0\0\0\0", 0),
            PointId.Create(new(TenantId.Parse("a"), CollectionName.Parse("b")), "", 0),
        };

        Assert.Equal(ids.Length, ids.Distinct().Count());
    }

    [Fact]
    public void Create_WithANegativeChunk_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => PointId.Create(Docs, "d", -1));
}
