using System.Runtime.CompilerServices;
using System.Text;
using Quiver.Embedded.State;
using Quiver.Grains.Collections;
using Quiver.Grains.Jobs;
using Quiver.Grains.Tenants;

namespace Quiver.Tests.Unit.Grains;

/// <summary>
/// Every shape of grain state that was ever released stays readable. A new shape adds a golden file; an existing one is never edited.
/// </summary>
public sealed class GoldenStateTests
{
    private static readonly JsonGrainStorageSerializer Serializer = new();

    public static TheoryData<string> Files => [.. Directory.GetFiles(Folder(), "*.json").Select(Path.GetFileName).OfType<string>().Order(StringComparer.Ordinal)];

    [Fact]
    public void Golden_EveryState_HasAFile() =>
        Assert.Equal(["collection", "job", "tenant"], Files.Select(row => row.Data.Split('.')[0]).Distinct());

    [Theory]
    [MemberData(nameof(Files))]
    public void Golden_File_IsReadAndWrittenAgainUnchanged(string file)
    {
        var written = File.ReadAllText(Path.Combine(Folder(), file));

        var again = file.Split('.')[0] switch
        {
            "job" => Rewrite<IngestionJobState>(written),
            "tenant" => Rewrite<TenantState>(written),
            "collection" => Rewrite<CollectionState>(written),
            _ => throw new InvalidOperationException($"{file} names no state."),
        };

        Assert.Equal(written.TrimEnd(), again);
    }

    [Fact]
    public void Golden_NewestJob_HasEveryField()
    {
        // A field that the newest file leaves at its default could change its name unnoticed.
        var job = Serializer.Deserialize<IngestionJobState>(new BinaryData(File.ReadAllBytes(Path.Combine(Folder(), Files.Select(row => row.Data).Last(name => name.StartsWith("job.", StringComparison.Ordinal))))))!.Job!;

        Assert.All(
            new object?[] { job, job.Spec, job.Spec.Source, job.Spec.Chunking, job.Counters, job.Outbox[0], job.Cursor },
            part => Assert.All(part!.GetType().GetProperties().Where(property => property.GetMethod!.IsStatic is false), property => Assert.NotNull(property.GetValue(part))));
    }

    private static string Rewrite<T>(string json)
        where T : class
    {
        var state = Serializer.Deserialize<T>(BinaryData.FromString(json));
        return Encoding.UTF8.GetString(Serializer.Serialize(state));
    }

    private static string Folder([CallerFilePath] string path = "") => Path.Combine(Path.GetDirectoryName(path)!, "Golden");
}
