using Npgsql;
using Quiver.Adapters.Storage.Postgres;
using Quiver.Tests.Services;

namespace Quiver.Tests.Integration.Storage.Postgres;

public sealed class SchemaMigratorTests(PostgresServices services)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void Steps_OfTheProgram_AreNumberedWithoutGaps() =>
        Assert.Equal(Enumerable.Range(1, SchemaMigration.All.Length), SchemaMigration.All.Select(step => step.Version));

    [Fact]
    public async Task Migrate_FourAtOnceOnAnEmptyDatabase_MakesEachStepOnce()
    {
        using var schema = await services.NewSchemaAsync();
        var name = $"{schema.Name}_new";
        var databases = Enumerable.Range(0, 4).Select(_ => schema.OpenCluster(options => options.Schema = name)).ToList();

        var made = await Task.WhenAll(databases.Select(database => database.Migrator().MigrateAsync(Cancel)));

        Assert.Equal([0, 0, 0, SchemaMigration.All.Length], made.Order());
        Assert.Equal(
            SchemaMigration.All.Select(step => $"{step.Version} {step.Name}"),
            await schema.Server.ListAsync($"SELECT version || ' ' || name FROM {name}.quiver_schema ORDER BY version"));
        databases.ForEach(database => database.Dispose());
    }

    [Fact]
    public async Task Migrate_FromAnEarlierVersion_MakesOnlyWhatIsMissing()
    {
        using var schema = await services.NewSchemaAsync();
        await using var database = schema.OpenCluster();

        Assert.Equal(1, await database.Migrator().MigrateAsync(SchemaMigration.All[..1], Cancel));
        Assert.Equal(SchemaMigration.All.Length - 1, await database.Migrator().MigrateAsync(Cancel));
        Assert.Equal(0, await database.Migrator().MigrateAsync(Cancel));
    }

    [Fact]
    public async Task Migrate_NewerSchema_IsRefusedAndChangesNothing()
    {
        using var schema = await services.NewSchemaAsync();
        await using var database = await schema.OpenMigratedClusterAsync();
        await schema.ExecuteAsync("INSERT INTO quiver_schema (version, name) VALUES (99, 'from the future')");

        var error = await Assert.ThrowsAsync<PermanentException>(() => database.Migrator().MigrateAsync(Cancel));

        Assert.Equal(ErrorCodes.StorageUnavailable, error.Code);
        Assert.Contains($"has version 99, and this version of Quiver knows versions up to {SchemaMigration.All.Length}", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(PostgresServer.Password, error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Migrate_StepThatFails_LeavesNothingOfIt()
    {
        using var schema = await services.NewSchemaAsync();
        await using var database = schema.OpenCluster();
        SchemaMigration[] steps = [new(1, "good", "CREATE TABLE one (a int)"), new(2, "bad", "CREATE TABLE two (a int); SELECT nothing FROM nowhere")];

        await Assert.ThrowsAsync<PermanentException>(() => database.Migrator().MigrateAsync([.. steps], Cancel));

        Assert.Equal(["1 true false"], await schema.ListAsync("SELECT max(version) || ' ' || (to_regclass('one') IS NOT NULL) || ' ' || (to_regclass('two') IS NOT NULL) FROM quiver_schema"));
        Assert.Equal(1, await database.Migrator().MigrateAsync([steps[0], steps[1] with { Script = "CREATE TABLE two (a int)" }], Cancel));
    }

    [Fact]
    public async Task Migrate_WhileAnotherNeverEnds_GivesUpAndSaysSo()
    {
        using var schema = await services.NewSchemaAsync();
        await using var database = schema.OpenCluster(options => options.MigrationTimeout = TimeSpan.FromSeconds(1));
        await using var holder = new NpgsqlConnection(schema.Server.ConnectionString);
        await holder.OpenAsync(Cancel);
        var held = new SchemaMigration(1, "held", "SELECT 1");
        Assert.Equal(1, await database.Migrator().MigrateAsync([held], Cancel));
        await using (var hold = new NpgsqlCommand($"SELECT pg_advisory_lock({SchemaMigrator.LockKey(schema.Name)})", holder))
        {
            await hold.ExecuteNonQueryAsync(Cancel);
        }

        var error = await Assert.ThrowsAsync<TransientException>(() => database.Migrator().MigrateAsync([held], Cancel));

        Assert.Equal(ErrorCodes.Timeout, error.Code);
        Assert.Contains("Quiver:Cluster:Postgres:MigrationTimeout", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Migrate_WithoutTheRightToMakeASchema_SaysWhatIsMissing()
    {
        using var schema = await services.NewSchemaAsync();
        await schema.Server.ExecuteAsync($"CREATE ROLE {schema.Name}_guest LOGIN PASSWORD 'guest'");
        await using var database = schema.OpenCluster(options =>
        {
            options.ConnectionString = new NpgsqlConnectionStringBuilder(options.ConnectionString) { Username = $"{schema.Name}_guest", Password = "guest" }.ConnectionString;
            options.Schema = $"{schema.Name}_none";
        });

        var error = await Assert.ThrowsAsync<PermanentException>(() => database.Migrator().MigrateAsync(Cancel));

        Assert.Contains("permission denied", error.Message, StringComparison.Ordinal);
    }
}
