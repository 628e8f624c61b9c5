using System.Globalization;
using Quiver.Tests.Support;

namespace Quiver.Tests.Cluster;

/// <summary>The documents of the tests and what undisturbed silos store for them; computed once.</summary>
public sealed class UndisturbedCluster : IAsyncLifetime
{
    public const int Documents = 600;

    internal static readonly CollectionName Collection = CollectionName.Parse("docs");

    /// <summary>Tenants with a job each.</summary>
    internal static readonly ImmutableArray<string> Tenants = ["ada", "bo", "cy"];

    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, ExportedPoints> _points = [];

    internal string Path => _folder.At("documents.jsonl");

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllLinesAsync(Path, Enumerable.Range(0, Documents).Select(Line), TestContext.Current.CancellationToken);
        await using var cluster = await ClusterProcesses.StartAsync(1);
        foreach (var tenant in Tenants)
        {
            var client = cluster.Silos[0].ClientOf(tenant);
            var job = await client.SubmitAsync(Spec(tenant), TestContext.Current.CancellationToken);
            Assert.Equal(JobState.Completed, (await ClusterJob.EndAsync(client, job.Id)).State);
            _points[tenant] = await ExportedPoints.ReadAsync(client, Collection);
            Assert.True(_points[tenant].Count > Documents);
        }
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    internal ExportedPoints PointsOf(string tenant) => _points[tenant];

    internal JobSpec Spec(string tenant) => new()
    {
        Tenant = TenantId.Parse(tenant),
        Collection = Collection,
        Source = new() { Paths = [Path], IdField = "id" },
    };

    private static string Line(int number)
    {
        var sentences = Enumerable.Range(0, number % 10 == 5 ? 12 : 1).Select(part =>
            string.Create(CultureInfo.InvariantCulture, $"Note {number} part {part} says that word{number % 17} follows word{(number + part) % 23} over the quiet bridge."));
        return string.Create(CultureInfo.InvariantCulture, $$"""{"id":"doc-{{number:00000}}","kind":"k{{number % 3}}","text":"{{string.Join(' ', sentences)}}"}""");
    }
}
