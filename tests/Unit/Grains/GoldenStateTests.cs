using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using Quiver.Grains;
using Quiver.Grains.Collections;
using Quiver.Grains.Jobs;
using Quiver.Grains.Tenants;

namespace Quiver.Tests.Unit.Grains;

/// <summary>
/// Every shape of grain state that was ever released stays readable. A new shape adds a golden file; an existing one is never edited.
/// </summary>
public sealed class GoldenStateTests
{
    private static readonly GrainStateSerializer Serializer = new();

    public static TheoryData<string> Files => [.. Directory.GetFiles(Folder(), "*.json").Select(Path.GetFileName).OfType<string>().Order(StringComparer.Ordinal)];

    [Fact]
    public void Golden_EveryState_HasAFile() =>
        Assert.Equal(["collection", "job", "tenant"], Files.Select(row => row.Data.Split('.')[0]).Distinct());

    [Theory]
    [MemberData(nameof(Files))]
    public void Golden_File_IsReadAndWrittenAgain_TheNewestUnchanged_AnOlderOneWithAllItHad(string file)
    {
        var written = File.ReadAllText(Path.Combine(Folder(), file));

        var again = file.Split('.')[0] switch
        {
            "job" => Rewrite<IngestionJobState>(written),
            "tenant" => Rewrite<TenantState>(written),
            "collection" => Rewrite<CollectionState>(written),
            _ => throw new InvalidOperationException($"{file} names no state."),
        };

        if (Files.Select(row => row.Data).Last(name => name.Split('.')[0] == file.Split('.')[0]) == file)
        {
            Assert.Equal(written.TrimEnd(), again);
        }

        AssertKept(JsonNode.Parse(written)!, JsonNode.Parse(again)!);
    }

    [Fact]
    public void Golden_CollectionOfAFormerVersion_EmbedsNoContext()
    {
        // With context, the next job of an existing collection would embed all its documents again.
        var state = Serializer.Deserialize<CollectionState>(new BinaryData(File.ReadAllBytes(Path.Combine(Folder(), "collection.v5.json"))))!;

        Assert.False(state.Binding!.EmbedContext);
    }

    [Fact]
    public void Golden_NewestJob_HasEveryField()
    {
        // A field that the newest file leaves at its default could change its name unnoticed.
        var job = Serializer.Deserialize<IngestionJobState>(new BinaryData(File.ReadAllBytes(Path.Combine(Folder(), Files.Select(row => row.Data).Last(name => name.StartsWith("job.", StringComparison.Ordinal))))))!.Job!;

        Assert.All(
            new object?[] { job, job.Spec, job.Spec.Source, job.Spec.Chunking, job.Counters, job.Usage, job.Usage.Settled, job.Usage.Meters[0], job.Outbox[0], job.Cursor },
            part => Assert.All(part!.GetType().GetProperties().Where(property => property.GetMethod!.IsStatic is false), property => Assert.NotNull(property.GetValue(part))));
    }

    /// <summary>What an older shape had is there unchanged; members that came later are beside it.</summary>
    private static void AssertKept(JsonNode before, JsonNode after)
    {
        switch (before)
        {
            case JsonObject members:
                Assert.All(members, member => AssertKept(member.Value!, after[member.Key]!));
                break;
            case JsonArray items:
                Assert.Equal(items.Count, after.AsArray().Count);
                Assert.All(items.Zip(after.AsArray()), pair => AssertKept(pair.First!, pair.Second!));
                break;
            default:
                Assert.Equal(before.ToJsonString(), after.ToJsonString());
                break;
        }
    }

    private static string Rewrite<T>(string json)
        where T : class
    {
        var state = Serializer.Deserialize<T>(BinaryData.FromString(json));
        return Encoding.UTF8.GetString(Serializer.Serialize(state));
    }

    private static string Folder([CallerFilePath] string path = "") => Path.Combine(Path.GetDirectoryName(path)!, "Golden");
}
