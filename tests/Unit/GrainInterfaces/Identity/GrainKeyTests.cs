using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;

namespace Quiver.Tests.Unit.GrainInterfaces.Identity;

public sealed class GrainKeyTests
{
    private const string First = "abcXYZ0189";
    private const string Rest = First + "-_.";

    [Fact]
    public void Keys_AnyNames_RoundTripAndNeverCoincide()
    {
        var name = Gen.Elements(First.ToCharArray()).SelectMany(first => Gen.Choose(0, 63).SelectMany(length => Gen.Elements(Rest.ToCharArray()).ArrayOf(length).Select(rest => first + new string(rest))));
        var pairs = name.SelectMany(one => name.SelectMany(two => name.SelectMany(three => name.Select(four => (one, two, three, four))))).ToArbitrary();

        Prop.ForAll(pairs, names =>
        {
            var job = new JobKey(TenantId.Parse(names.one), JobId.Parse(names.two));
            var collection = new CollectionKey(TenantId.Parse(names.one), CollectionName.Parse(names.two));
            Assert.Equal(job, JobKey.Parse(job.ToString()));
            Assert.Equal(collection, CollectionKey.Parse(collection.ToString()));
            var other = new JobKey(TenantId.Parse(names.three), JobId.Parse(names.four));
            Assert.Equal(job == other, job.ToString() == other.ToString());
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("", "invalid_key")]
    [InlineData("a", "invalid_key")]
    [InlineData("/a", "invalid_key")]
    [InlineData("a/b/c", "invalid_key")]
    [InlineData("a//b", "invalid_key")]
    [InlineData("a/", "invalid_job")]
    [InlineData("a/b c", "invalid_job")]
    [InlineData(".a/b", "invalid_tenant")]
    public void Parse_BadKey_IsRefused(string key, string code) =>
        Assert.Equal(code, Assert.Throws<InvalidRequestException>(() => JobKey.Parse(key)).Code);

    [Fact]
    public void Json_Names_AreStringsAndValidated()
    {
        Assert.Equal("\"docs\"", JsonSerializer.Serialize(CollectionName.Parse("docs")));
        Assert.Equal(JobId.Parse("j1"), JsonSerializer.Deserialize<JobId>("\"j1\""));
        Assert.Throws<InvalidRequestException>(() => JsonSerializer.Deserialize<TenantId>("\"a/b\""));
    }

    [Fact]
    public void Json_Keys_RoundTrip()
    {
        var key = CollectionKey.Parse("acme/docs");

        Assert.Equal(key, JsonSerializer.Deserialize<CollectionKey>(JsonSerializer.Serialize(key)));
    }
}
