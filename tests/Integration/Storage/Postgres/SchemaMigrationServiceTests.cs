using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Quiver.Adapters.Storage.Postgres;
using Quiver.Tests.Services;
using Quiver.Tests.Support;

namespace Quiver.Tests.Integration.Storage.Postgres;

public sealed class SchemaMigrationServiceTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_BeforeTheDatabaseDoes_WaitsForIt()
    {
        await using var server = await PostgresServer.StartAsync();
        await server.StopAsync();
        await using var database = Database(server);
        var time = new ManualTimeProvider();

        var start = Service(database, time).StartAsync(Token);
        await Patience.UntilAsync(() => time.PendingTimers > 0, "the service waits");
        await server.RunAsync();
        time.Advance(TimeSpan.FromSeconds(1));
        await start;

        Assert.Equal([$"{ClusterDatabaseInfo.KnownVersion}"], await server.ListAsync("SELECT max(version)::text FROM quiver.quiver_schema"));
    }

    [Fact]
    public async Task Start_WithADatabaseThatNeverComes_GivesUp()
    {
        await using var server = await PostgresServer.StartAsync();
        await server.StopAsync();
        await using var database = Database(server);
        var time = new ManualTimeProvider();

        var start = Service(database, time).StartAsync(Token);
        await Patience.UntilAsync(() => time.PendingTimers > 0, "the service waits");
        time.Advance(database.Options.MigrationTimeout);

        Assert.Equal(ErrorCodes.StorageUnavailable, (await Assert.ThrowsAsync<TransientException>(() => start)).Code);
        await server.RunAsync();
    }

    private static ClusterDatabase Database(PostgresServer server) => new(Options.Create(new PostgresClusterOptions { ConnectionString = server.ConnectionString }));

    private static SchemaMigrationService Service(ClusterDatabase database, TimeProvider time) =>
        new(database.Migrator(), database, time, NullLogger<SchemaMigrationService>.Instance);
}
