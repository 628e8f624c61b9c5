using Quiver.Tests.Services;
using Quiver.Tests.Services.S3;
using Quiver.Tests.Support;
using Quiver.Tests.Support.Providers;

namespace Quiver.Tests.Cluster;

/// <summary>Jobs that read from real S3 and PostgreSQL servers continue from their checkpoint on another silo when theirs is killed.</summary>
[Collection(ClusterCollection.Name)]
public sealed class ServiceSourcesTests(S3Server s3, ITestOutputHelper output) : IClassFixture<S3Server>
{
    private const string Tenant = "ada";
    private const int Objects = 6;
    private static readonly string Rows =
        "CREATE SCHEMA shop; CREATE TABLE shop.notes (id int PRIMARY KEY, body text, kind text); "
        + $"INSERT INTO shop.notes SELECT i, 'Note ' || i || ' says what it says over the quiet bridge.', 'k' || i % 3 FROM generate_series(1, {UndisturbedCluster.Documents}) i";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task JobOnAPrefix_WhoseSiloIsKilled_StoresEveryRecordOfEveryObject_AndItsArtifactsAreEverySilos()
    {
        var bucket = await s3.NewBucketAsync();
        for (var part = 0; part < Objects; part++)
        {
            var lines = TestBucket.Lines($"Part {part} note", UndisturbedCluster.Documents / Objects);
            await (part % 2 == 0 ? bucket.PutAsync($"notes/{part}.jsonl", lines) : bucket.PutAsync($"notes/{part}.jsonl.gz", TestBucket.Gzip(lines)));
        }

        await AssertSurvivesAsync(
            bucket.Spec("notes/"),
            _ => new Dictionary<string, string?>
            {
                ["Quiver:S3:Endpoint"] = s3.Endpoint.AbsoluteUri,
                ["Quiver:S3:AccessKey"] = S3ServerProcess.AccessKey,
                ["Quiver:S3:SecretKey"] = S3ServerProcess.SecretKey,
                ["Quiver:S3:PageSize"] = "2",
                ["Quiver:Artifacts:Store"] = "S3",
                ["Quiver:Artifacts:Bucket"] = bucket.Name,
                ["Quiver:Artifacts:Prefix"] = "artifacts/",
            },
            static _ => Task.CompletedTask,
            (silos, job) => AssertExportedAsync(bucket, silos, job));
    }

    [Fact]
    public Task JobOnATable_WhoseSiloIsKilled_StoresEveryRow() => AssertSurvivesAsync(
        new() { Kind = "postgres", Paths = ["postgres://shop"], Table = new() { Schema = "shop", Name = "notes", TextColumns = ["body"], MetadataColumns = ["kind"] } },
        static services => new Dictionary<string, string?>
        {
            ["Quiver:Postgres:Connections:shop:ConnectionString"] = services.Postgres.ConnectionString,
            ["Quiver:Postgres:PageRows"] = "25",
        },
        static services => services.Postgres.ExecuteAsync(Rows));

    /// <summary>Three silos, of which one is killed, must store the same as a single undisturbed silo.</summary>
    private async Task AssertSurvivesAsync(
        SourceSpec source,
        Func<SharedServices, IReadOnlyDictionary<string, string?>> settings,
        Func<SharedServices, Task> fill,
        Func<IReadOnlyList<SiloProcess>, JobId, Task>? then = null)
    {
        var spec = new JobSpec { Tenant = TenantId.Parse(Tenant), Collection = UndisturbedCluster.Collection, Source = source };
        ExportedPoints expected;
        await using (var undisturbed = await ClusterProcesses.StartAsync(1, settings))
        {
            await fill(undisturbed.Services);
            var id = (await undisturbed.Silos[0].ClientOf(Tenant).SubmitAsync(spec, Token)).Id;
            expected = await EndAsync(undisturbed.Silos[0], id);
            Assert.Equal(UndisturbedCluster.Documents, expected.Documents().Count);
        }

        await using var cluster = await ClusterProcesses.StartAsync(3, settings);
        await fill(cluster.Services);
        RunningJobs.Slow(cluster.Services.Model);
        var submitted = (await cluster.Silos[0].ClientOf(Tenant).SubmitAsync(spec, Token)).Id;
        await using var job = await StruckJob.AtAQuarterAsync(cluster, Tenant, submitted, output);

        await job.AssertGoesOnAfterKillAsync();
        cluster.Services.Model.Answers(ProviderReply.Ok);

        ExportedPoints.AssertSame(expected, await EndAsync(job.Witness, submitted), "the job whose silo was killed");
        await job.Watch.AssertCompleteAsync();
        await (then?.Invoke([job.Witness, cluster.Other(job.Victim, job.Witness)], submitted) ?? Task.CompletedTask);
    }

    /// <summary>An export of one silo is in the bucket, can be fetched by its link, and is replaced by the export of another silo.</summary>
    private static async Task AssertExportedAsync(TestBucket bucket, IReadOnlyList<SiloProcess> silos, JobId job)
    {
        using var http = new HttpClient();
        var first = await silos[0].ClientOf(Tenant).ExportJobAsync(job, Token);
        var second = await silos[1].ClientOf(Tenant).ExportJobAsync(job, Token);

        Assert.Equal(["failures.jsonl", "report.json"], second.Artifacts.Select(static artifact => artifact.Name));
        Assert.Equal(first.Artifacts.Select(static artifact => artifact.Location), second.Artifacts.Select(static artifact => artifact.Location));
        var report = second.Artifacts[1];
        Assert.StartsWith(bucket.Address("artifacts/"), report.Location, StringComparison.Ordinal);
        Assert.Contains($"{job}", await http.GetStringAsync(report.Link, Token), StringComparison.Ordinal);
    }

    private static async Task<ExportedPoints> EndAsync(SiloProcess silo, JobId job)
    {
        var end = await ClusterJob.EndAsync(silo.ClientOf(Tenant), job);
        Assert.Equal((JobState.Completed, UndisturbedCluster.Documents), (end.State, end.Counters.Stored));
        return await ExportedPoints.ReadAsync(silo.ClientOf(Tenant), UndisturbedCluster.Collection);
    }
}
