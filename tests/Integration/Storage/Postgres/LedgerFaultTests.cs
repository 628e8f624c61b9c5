using Microsoft.Extensions.Options;
using Npgsql;
using Quiver.Adapters.Storage.Ledger;
using Quiver.Adapters.Storage.Postgres;
using Quiver.Tests.Services;

namespace Quiver.Tests.Integration.Storage.Postgres;

/// <summary>Errors that disappear on retry are transient; the messages of others say what to do.</summary>
public sealed class LedgerFaultTests(PostgresServices services)
{
    private static readonly CollectionKey Docs = new(TenantId.Parse("acme"), CollectionName.Parse("docs"));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Server_StoppedAndStartedAgain_CostsOneAttemptAndLosesNothing()
    {
        await using var server = await PostgresServer.StartAsync();
        var schema = await PostgresSchema.CreateAsync(server, "restarted");
        await using var database = await schema.OpenMigratedClusterAsync();
        var ledger = Ledger(database);
        await Task.WhenAll(Enumerable.Range(0, 12).Select(i => ledger.SaveJobAsync(Job($"j{i}"), Cancel)));

        await server.StopAsync();
        var down = await Assert.ThrowsAsync<TransientException>(() => ledger.SaveJobAsync(Job("late"), Cancel));
        await server.RunAsync();
        var failures = 0;
        for (var i = 0; i < 12; i++)
        {
            try
            {
                await ledger.SaveJobAsync(Job($"again{i}"), Cancel);
            }
            catch (TransientException)
            {
                failures++;
            }
        }

        Assert.Equal(ErrorCodes.StorageUnavailable, down.Code);
        Assert.DoesNotContain(PostgresServer.Password, down.ToString(), StringComparison.Ordinal);
        Assert.InRange(failures, 0, 1);
        Assert.Equal(24 - failures, (await ledger.ListJobsAsync(Docs.Tenant, new() { Limit = 100 }, Cancel)).Items.Length);
    }

    [Fact]
    public async Task Connections_EndedByAnOperator_CostOneAttempt()
    {
        using var schema = await services.NewSchemaAsync();
        await using var database = await schema.OpenMigratedClusterAsync(options => options.ConnectionString += $";Application Name={schema.Name}");
        var ledger = Ledger(database);
        await Task.WhenAll(Enumerable.Range(0, 6).Select(i => ledger.SaveJobAsync(Job($"j{i}"), Cancel)));

        await schema.ListAsync($"SELECT pg_terminate_backend(pid)::text FROM pg_stat_activity WHERE application_name = '{schema.Name}'");
        var first = await Record.ExceptionAsync(() => ledger.FindJobAsync(new(Docs.Tenant, JobId.Parse("j0")), Cancel));
        for (var i = 0; i < 6; i++)
        {
            Assert.NotNull(await ledger.FindJobAsync(new(Docs.Tenant, JobId.Parse($"j{i}")), Cancel));
        }

        if (first is not null)
        {
            Assert.Equal(ErrorCodes.StorageUnavailable, Assert.IsType<TransientException>(first).Code);
        }
    }

    [Fact]
    public async Task Command_ThatWaitsTooLong_IsGivenUpAsTransient()
    {
        using var schema = await services.NewSchemaAsync();
        await using var database = await schema.OpenMigratedClusterAsync(options => options.CommandTimeout = TimeSpan.FromSeconds(1));
        await using var holder = await HoldJobsAsync(database);

        var error = await Assert.ThrowsAsync<TransientException>(() => Ledger(database).SaveJobAsync(Job("one"), Cancel));

        Assert.Equal(ErrorCodes.Timeout, error.Code);
    }

    [Fact]
    public async Task Command_CancelledWhileItWaits_EndsOnTheServerToo()
    {
        using var schema = await services.NewSchemaAsync();
        await using var database = await schema.OpenMigratedClusterAsync();
        await using var holder = await HoldJobsAsync(database);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);

        var save = Ledger(database).SaveJobAsync(Job("one"), stop.Token);
        while ((await schema.Server.ListAsync(Waiting(schema))).Single() == "0")
        {
            Cancel.ThrowIfCancellationRequested();
        }

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => save);
        Assert.Equal(["0"], await schema.Server.ListAsync(Waiting(schema)));
    }

    [Fact]
    public async Task Pool_WithoutAFreeConnection_IsTransient()
    {
        using var schema = await services.NewSchemaAsync();
        await using var database = await schema.OpenMigratedClusterAsync(options => (options.MaxPoolSize, options.ConnectTimeout) = (2, TimeSpan.FromSeconds(1)));
        await using var one = await database.DataSource.OpenConnectionAsync(Cancel);
        await using var two = await database.DataSource.OpenConnectionAsync(Cancel);

        var error = await Assert.ThrowsAsync<TransientException>(() => Ledger(database).SaveJobAsync(Job("one"), Cancel));

        Assert.Equal(ErrorCodes.Timeout, error.Code);
    }

    [Fact]
    public async Task Schema_ThatIsMissing_IsPermanent()
    {
        using var schema = await services.NewSchemaAsync();
        await using var database = schema.OpenCluster();

        var error = await Assert.ThrowsAsync<PermanentException>(() => Ledger(database).SaveJobAsync(Job("one"), Cancel));

        Assert.Contains("ledger_jobs", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Password_ThatIsWrong_IsPermanentAndNotRepeated()
    {
        using var schema = await services.NewSchemaAsync();
        await using var database = schema.OpenCluster(options => options.ConnectionString += ";Password=wr0ng");

        var error = await Assert.ThrowsAsync<PermanentException>(() => Ledger(database).SaveJobAsync(Job("one"), Cancel));

        Assert.Equal(ErrorCodes.StorageUnavailable, error.Code);
        Assert.DoesNotContain("wr0ng", error.ToString(), StringComparison.Ordinal);
    }

    private static PostgresLedger Ledger(ClusterDatabase database) => new(database, Options.Create(new LedgerOptions()));

    private static JobStatus Job(string id) => new()
    {
        Id = JobId.Parse(id),
        Spec = new() { Tenant = Docs.Tenant, Collection = Docs.Collection, Source = new() { Paths = ["/data"] } },
        State = JobState.Queued,
        CreatedAt = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero),
    };

    private static async Task<NpgsqlConnection> HoldJobsAsync(ClusterDatabase database)
    {
        var connection = await database.DataSource.OpenConnectionAsync(Cancel);
        await using var command = new NpgsqlCommand("BEGIN; LOCK TABLE ledger_jobs", connection);
        await command.ExecuteNonQueryAsync(Cancel);
        return connection;
    }

    private static string Waiting(PostgresSchema schema) => $"SELECT count(*)::text FROM pg_locks WHERE NOT granted AND relation = '{schema.Name}.ledger_jobs'::regclass";
}
