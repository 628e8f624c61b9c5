using Microsoft.Extensions.Configuration;
using Quiver.Adapters.Storage.Postgres;
using Quiver.Cli.Doctor;
using Quiver.Silo.Doctor;
using Quiver.Silo.Hosting;
using Quiver.Tests.Services;
using Quiver.Tests.Support;

namespace Quiver.Tests.Integration.Storage.Postgres;

public sealed class ClusterDatabaseHealthTests(PostgresServices services)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Doctor_BeforeAndAfterTheFirstStart_SaysWhatTheSchemaIs()
    {
        using var schema = await services.NewSchemaAsync();
        var before = await DoctorAsync(schema, ("MaxPoolSize", "8"));
        await using var database = await schema.OpenMigratedClusterAsync();

        var after = await DoctorAsync(schema, ("MaxPoolSize", "8"));
        var crowded = await DoctorAsync(schema, ("MaxPoolSize", "195"));

        Assert.Equal(DoctorStatus.Ok, before.Status);
        Assert.Contains($"of version 0, which a starting silo brings to {ClusterDatabaseInfo.KnownVersion}", before.Message, StringComparison.Ordinal);
        Assert.Equal(DoctorStatus.Ok, after.Status);
        Assert.EndsWith($"at {schema.Server.Place}, schema '{schema.Name}' of version {ClusterDatabaseInfo.KnownVersion}.", after.Message, StringComparison.Ordinal);
        Assert.Equal(DoctorStatus.Warn, crowded.Status);
        Assert.Contains("max_connections", crowded.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_NewerSchema_Fails()
    {
        using var schema = await services.NewSchemaAsync();
        await using var database = await schema.OpenMigratedClusterAsync();
        await schema.ExecuteAsync("INSERT INTO quiver_schema (version, name) VALUES (99, 'from the future')");

        var result = await DoctorAsync(schema);

        Assert.Equal(DoctorStatus.Fail, result.Status);
        Assert.Contains("99, which is newer", result.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_WrongPasswordOrOptions_FailsWithoutRepeatingThem()
    {
        using var schema = await services.NewSchemaAsync();
        var denied = await DoctorAsync(schema, ("ConnectionString", schema.Server.ConnectionString + ";Password=wr0ng"));
        var invalid = await DoctorAsync(schema, ("ConnectionString", "Password=wr0ng"));

        Assert.All([denied, invalid], result => Assert.Equal(DoctorStatus.Fail, result.Status));
        Assert.All([denied, invalid], result => Assert.DoesNotContain("wr0ng", result.Message + result.Remedy, StringComparison.Ordinal));
        Assert.Contains("Quiver:Cluster:Postgres:ConnectionString", invalid.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_OfSettingsWithoutACluster_HasNoSuchCheck()
    {
        using var folder = new TemporaryFolder();
        Assert.Empty(DoctorChecks.OfCluster(folder.Path));

        var file = Path.Combine(folder.Path, "quiver.json");
        await File.WriteAllTextAsync(file, """{ "Quiver": { "Cluster": { "Postgres": { "Schema": "blue" } } } }""", Token);
        Assert.Equal("cluster database", Assert.Single(DoctorChecks.OfCluster(folder.Path)).Name);

        await File.WriteAllTextAsync(file, "{", Token);
        Assert.Empty(DoctorChecks.OfCluster(folder.Path));
    }

    [Fact]
    public async Task Readiness_FollowsTheDatabase()
    {
        await using var server = await PostgresServer.StartAsync();
        var schema = await PostgresSchema.CreateAsync(server, "ready");
        await using var database = await schema.OpenMigratedClusterAsync();
        var check = new ClusterDatabaseReadinessCheck(database);

        Assert.Null((await check.CheckHealthAsync(new(), Token)).Description);
        await server.StopAsync();
        Assert.Equal("The cluster's database cannot be reached.", (await check.CheckHealthAsync(new(), Token)).Description);
        await server.RunAsync();
        Assert.Null((await check.CheckHealthAsync(new(), Token)).Description);
        using var late = new CancellationTokenSource();
        await late.CancelAsync();
        Assert.Equal("The cluster's database does not answer in time.", (await check.CheckHealthAsync(new(), late.Token)).Description);
    }

    [Fact]
    public async Task FullDisk_IsNamedByReadinessAndDoctorUntilThereIsSpace()
    {
        using var schema = await services.NewSchemaAsync();
        await using var database = await schema.OpenMigratedClusterAsync();
        var check = new ClusterDatabaseReadinessCheck(database);
        await schema.ExecuteAsync(
            """
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'No space left on device' USING ERRCODE = '53100'; END $$;
            CREATE TRIGGER full_disk BEFORE INSERT OR UPDATE ON ledger_collections EXECUTE FUNCTION refuse()
            """);

        var error = await Assert.ThrowsAsync<PermanentException>(() => database.ExecuteAsync(
            [new("INSERT INTO ledger_collections (tenant, name, info) VALUES ('a', 'b', 'c')")], Token));
        var unready = await check.CheckHealthAsync(new(), Token);
        var failed = await DoctorAsync(schema);
        await schema.ExecuteAsync("DROP TRIGGER full_disk ON ledger_collections");

        Assert.Equal(ErrorCodes.StorageFull, error.Code);
        Assert.Equal("The disk of the cluster's database is full: free space on it.", unready.Description);
        Assert.Equal(DoctorStatus.Fail, failed.Status);
        Assert.Contains("is full", failed.Message, StringComparison.Ordinal);
        Assert.Null((await check.CheckHealthAsync(new(), Token)).Description);
        Assert.False(database.IsFull);
        Assert.Equal(DoctorStatus.Ok, (await DoctorAsync(schema, ("MaxPoolSize", "8"))).Status);
        Assert.Empty(await schema.ListAsync("SELECT tenant FROM ledger_collections WHERE tenant <> ''"));
    }

    private static Task<DoctorResult> DoctorAsync(PostgresSchema schema, params (string Name, string Value)[] settings)
    {
        var values = new Dictionary<string, string?>
        {
            [$"{PostgresClusterOptions.Section}:ConnectionString"] = schema.Server.ConnectionString,
            [$"{PostgresClusterOptions.Section}:Schema"] = schema.Name,
        };
        foreach (var (name, value) in settings)
        {
            values[$"{PostgresClusterOptions.Section}:{name}"] = value;
        }

        return new ClusterDatabaseCheck(() => new ConfigurationBuilder().AddInMemoryCollection(values).Build()).RunAsync(Token);
    }
}
