using System.ComponentModel;
using System.Text;
using Microsoft.Extensions.Configuration;
using Quiver.Silo.Options;
using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Silo.Options;

public sealed class UnknownSettingsTests
{
    [Theory]
    [InlineData("Quiver:S3:Endpiont", "Quiver:S3:Endpoint")]
    [InlineData("Quiver:Jobs:MaxInFlihgt", "Quiver:Jobs:MaxInFlight")]
    [InlineData("Quiver:Jbos:MaxInFlihgt", "Quiver:Jobs:MaxInFlight")]
    [InlineData("Quiver:providers:FAKE:prize", "Quiver:Providers:FAKE:PricePerMillionTokens")]
    [InlineData("Quiver:Providers:fake:PricePerMilionTokens", "Quiver:Providers:fake:PricePerMillionTokens")]
    [InlineData("Quiver:Providers:voy:Dimension", "Quiver:Providers:voy:Dimensions")]
    [InlineData("Quiver:Provider:voy:Dimensions", "Quiver:Providers:voy:Dimensions")]
    [InlineData("Quiver:Vectors:Stor", "Quiver:Vectors:Store")]
    [InlineData("Quiver:Cluster:SilloPort", "Quiver:Cluster:SiloPort")]
    [InlineData("Quiver:Cluster:Postgress:Schema", "Quiver:Cluster:Postgres:Schema")]
    [InlineData("Quiver:Collections:SharedStorage:Hsnw:M", "Quiver:Collections:SharedStorage:Hnsw:M")]
    [InlineData("Quiver:Postgres:Connections:shop:Connectionstrin", "Quiver:Postgres:Connections:shop:ConnectionString")]
    [InlineData("Quiver:Qdrant:AddressUrl", "Quiver:Qdrant:Address")]
    public void Misspelt_Setting_IsToldWithTheOneThatIsMeant(string written, string meant) =>
        Assert.Equal([$"{written} is not a setting: write {meant} if that is meant, or remove it."], Find([], (written, "1")));

    [Theory]
    [InlineData("QUIVER__S3__ENDPIONT", "QUIVER__S3__ENDPOINT")]
    [InlineData("Quiver__Jobs__MAXINFLIHGT", "QUIVER__JOBS__MAXINFLIGHT")]
    public void Misspelt_Variable_IsToldAsItWasWritten(string written, string meant) =>
        Assert.Equal(
            [$"{written} is not a setting: write {meant} if that is meant, or remove it."],
            Find(["PATH", written], (written.Replace("__", ":", StringComparison.Ordinal), "1")));

    [Fact]
    public void Unknown_SettingThatResemblesNone_IsToldWithThoseOfItsSection() =>
        Assert.Equal(
            ["Quiver:Artifacts:Mirror is not a setting: remove it, or write a setting of Quiver:Artifacts: Bucket, Directory, LinkLifetime, Prefix, Store."],
            Find([], ("Quiver:Artifacts:Mirror", "x")));

    [Fact]
    public void Unknown_SettingBelowAValue_IsTold() =>
        Assert.Equal(
            ["Quiver:Jobs:MaxInFlight:Most is not a setting: Quiver:Jobs:MaxInFlight is a single value, remove what is below it."], Find([], ("Quiver:Jobs:MaxInFlight:Most", "3")));

    [Theory]
    [InlineData("Quiver:Files:AllowedRoots", "write its first member as Quiver:Files:AllowedRoots:0, or all of them in brackets.")]
    [InlineData("QUIVER__FILES__ALLOWEDROOTS", "write its first member as QUIVER__FILES__ALLOWEDROOTS__0.")]
    [InlineData("Quiver:Jobs", "write settings below it.")]
    public void Value_OfAListOrSection_IsTold(string written, string advice)
    {
        var fault = Assert.Single(Find(written.Contains("__", StringComparison.Ordinal) ? [written] : [], (written.Replace("__", ":", StringComparison.Ordinal), "/data")));

        Assert.StartsWith(written, fault, StringComparison.Ordinal);
        Assert.EndsWith(advice, fault, StringComparison.Ordinal);
    }

    [Fact]
    public void DataDirectory_CountsInTheEnvironmentOnly()
    {
        Assert.Empty(Find(["QUIVER__DATA__DIRECTORY"], ("QUIVER:DATA:DIRECTORY", "/data")));
        Assert.Contains("set that", Assert.Single(Find([], ("Quiver:Data:Directory", "/data"))), StringComparison.Ordinal);
    }

    [Fact]
    public void Known_SettingsOfAllOptions_AreFound()
    {
        List<SettingNode> values = [];
        Collect(SettingNode.Root, values);

        Assert.True(values.Count > 140, $"{values.Count}");
        Assert.All(values, static node => Assert.True(TypeDescriptor.GetConverter(node.Type!).CanConvertFrom(typeof(string)), node.Path));
        Assert.Empty(Find(["QUIVER__DATA__DIRECTORY"], [.. values.Select(static node => (node.Path.ToUpperInvariant(), "1"))]));
        Assert.All(SettingSections.OfOptions, section => Assert.Contains(values, node => node.Path.StartsWith($"{section.Name}:", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("Quiver:Providers:any:Headers:X-Any")]
    [InlineData("Quiver:Providers:any:Body:input_type")]
    [InlineData("Quiver:Providers:any:QueryBody:a:b")]
    [InlineData("Quiver:Server:Urls:0")]
    [InlineData("Quiver:Cluster:SiloPort")]
    [InlineData("Quiver")]
    [InlineData("QuiverOther:Any")]
    [InlineData("Logging:LogLevel:Any")]
    public void Name_ThatIsFreeOrOfOthers_IsPassed(string name) => Assert.Empty(Find([], (name, "x")));

    [Fact]
    public void EmptySections_ArePassed()
    {
        using var file = new MemoryStream(Encoding.UTF8.GetBytes("""{ "Quiver": { "Providers": {}, "Files": { "AllowedRoots": [] }, "Collections": { "SharedStorage": null } } }"""));

        Assert.Empty(new UnknownSettings([]).Find(new ConfigurationBuilder().AddJsonStream(file).Build()));
    }

    [Fact]
    public void Many_AreBounded()
    {
        var faults = Find([], [.. Enumerable.Range(0, 100).Select(static number => ($"Quiver:Unheard:{number}", "x"))]);

        Assert.Equal((21, "There are 80 more."), (faults.Count, faults[^1]));
    }

    [Fact]
    public void Silo_WithAMisspeltSetting_IsRefusedWithoutItsValue()
    {
        using var folder = new TemporaryFolder();
        folder.Write("quiver.json", """{ "Quiver": { "S3": { "SecretKye": "hidden-word" } } }""");

        var error = Assert.Throws<InvalidRequestException>(() => QuiverSettings.Load(folder.Path));

        Assert.Equal(ErrorCodes.InvalidOption, error.Code);
        Assert.Contains("Quiver:S3:SecretKey", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden-word", error.Message, StringComparison.Ordinal);
    }

    private static void Collect(SettingNode node, List<SettingNode> values)
    {
        if (node.IsValue)
        {
            values.Add(node);
            return;
        }

        foreach (var name in node.Names.DefaultIfEmpty("0"))
        {
            Collect(node.Find(name)!, values);
        }
    }

    private static IReadOnlyList<string> Find(IEnumerable<string> variables, params (string Name, string Value)[] settings) =>
        new UnknownSettings(variables).Find(new ConfigurationBuilder().AddInMemoryCollection(settings.Select(static setting => KeyValuePair.Create(setting.Name, (string?)setting.Value))).Build());
}
