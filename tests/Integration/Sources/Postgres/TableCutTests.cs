using Quiver.Core.Jobs;
using Quiver.Core.Resilience;
using Quiver.Core.Sources;
using Quiver.Tests.Services;
using Quiver.Tests.Support;

namespace Quiver.Tests.Integration.Sources.Postgres;

/// <summary>A database that goes away in the middle: what was read is not read again, and nothing is left out.</summary>
public sealed class TableCutTests(PostgresServices services)
{
    private const int Rows = 200;
    private const string Docs = "CREATE TABLE docs (k uuid PRIMARY KEY, body text); INSERT INTO docs SELECT gen_random_uuid(), 'Text ' || i || repeat(' more', 60) FROM generate_series(1, 200) i";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Connection_CutAnywhere_IsReadOnBehindTheLastRow()
    {
        var random = Seed.For(nameof(Connection_CutAnywhere_IsReadOnBehindTheLastRow));
        using var schema = await services.NewSchemaAsync();
        await schema.ExecuteAsync(Docs);
        await using var proxy = new CuttingProxy(new Uri($"http://127.0.0.1:{schema.Server.Port}"));
        var source = await schema.Factory(options => options.PageRows = 23, proxy.Address.Port).OpenAsync(schema.Spec("docs"), Token);
        for (var cut = 0; cut < 25; cut++)
        {
            proxy.Ends.Enqueue(new(random.Next(1, 25_000)));
        }

        proxy.CutAll();

        var host = await PumpAsync(source);

        Assert.Equal(Enumerable.Range(0, Rows).Select(i => (long)i), host.Processed.Order());
        Assert.NotEmpty(host.Stalls);
        Assert.True(proxy.Accepted > 5, "The connection was not cut.");
    }

    [Fact]
    public async Task Connection_EndedByTheOperator_IsMadeAnew()
    {
        using var schema = await services.NewSchemaAsync();
        await schema.ExecuteAsync(Docs);
        var source = await schema.OpenAsync(schema.Spec("docs"), options =>
        {
            options.PageRows = 23;
            options.Connections[PostgresSchema.Connection].ConnectionString += $";Application Name=reader-{schema.Name}";
        });

        // A batch is stored while the reader waits between two pages, or while it reads one. Npgsql ignores a connection that breaks when it
        // rolls back, so only the first case is sure to be seen; with a cut in every batch there is one.
        var host = new ScriptedHost(async (batch, _, _) =>
        {
            await schema.ExecuteAsync($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'reader-{schema.Name}'");
            return ScriptedHost.Result(batch);
        });

        await PumpAsync(source, host);

        Assert.Equal(Enumerable.Range(0, Rows).Select(i => (long)i), host.Processed.Order());
        Assert.Contains(host.Stalls, stall => stall.Code == ErrorCodes.SourceUnavailable);
    }

    [Fact]
    public async Task Server_RestartedInTheMiddle_IsWaitedFor()
    {
        await using var server = await PostgresServer.StartAsync();
        using var schema = await PostgresSchema.CreateAsync(server, "s");
        await schema.ExecuteAsync(Docs);
        var source = await schema.OpenAsync(schema.Spec("docs"), options => options.PageRows = 10);
        var stopped = new TaskCompletionSource();
        var host = new ScriptedHost(async (batch, _, _) =>
        {
            if (batch.Documents[0].Ordinal == 0)
            {
                await server.StopAsync();
                stopped.SetResult();
            }

            return ScriptedHost.Result(batch);
        });

        var pump = PumpAsync(source, host);
        await stopped.Task.WaitAsync(Token);
        await host.NextStallAsync();
        await server.RunAsync();
        await pump;

        Assert.Equal(Enumerable.Range(0, Rows).Select(i => (long)i), host.Processed.Order());
    }

    private static async Task<ScriptedHost> PumpAsync(IDocumentSource source, ScriptedHost? host = null)
    {
        host ??= new ScriptedHost((batch, _, _) => Task.FromResult(ScriptedHost.Result(batch)));
        var settings = new PumpSettings(MaxInFlight: 1, BatchDocuments: 10, BatchCharacters: 100_000, MaxAttempts: 100, TimeSpan.FromSeconds(1));
        var retries = new RetrySchedule(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(200), new Random(1));
        var pump = new IngestionPump(settings, source, SourceCursor.Start, JobCounters.Zero, host, retries, TimeProvider.System);
        using var stop = new RunStop(Token, Token);
        Assert.Equal(PumpEnd.SourceEnded, await pump.RunAsync(stop).OrFailAsync("the pump"));
        return host;
    }
}
