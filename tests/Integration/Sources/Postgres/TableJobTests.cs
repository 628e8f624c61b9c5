using Quiver.Tests.Chaos;
using Quiver.Tests.Services;
using Quiver.Tests.Support;

namespace Quiver.Tests.Integration.Sources.Postgres;

/// <summary>Tables end to end, with the real executable.</summary>
public sealed class TableJobTests(PostgresServices services) : IDisposable
{
    private const string Docs = "CREATE TABLE docs (id int PRIMARY KEY, body text, kind text); INSERT INTO docs SELECT i, 'Document ' || i || ' says what it says.', 'k' || i % 2 FROM generate_series(1, 120) i";
    private readonly TemporaryFolder _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Ingest_TableMirrored_StoresRowsAndDeletesThoseThatAreGone()
    {
        using var schema = await services.NewSchemaAsync();
        await schema.ExecuteAsync(Docs + "; INSERT INTO docs VALUES (1000, null, 'k0')");
        string[] command =
        [
            "ingest", $"postgres://app@127.0.0.1:{schema.Server.Port}/postgres", "--schema", schema.Name, "--table", "docs", "--text-column", "body", "--metadata-column", "kind",
            "--collection", "rows", "--sync", "mirror", "--json", "--data", _home.At("data"),
        ];

        var dry = await RunAsync([.. command, "--dry-run"], exitCode: 5);
        Assert.Equal((121, 120, 0), (dry.Status.Counters.Documents, dry.Status.Counters.Stored, dry.Status.Counters.PointsWritten));
        var first = await RunAsync(command, exitCode: 5);
        Assert.Equal((120, 1), (first.Status.Counters.Stored, first.Status.Counters.Failed));
        Assert.Equal(ErrorCodes.MissingText, Assert.Single(first.FirstFailures).Code);
        await schema.ExecuteAsync("DELETE FROM docs WHERE id % 4 = 0; UPDATE docs SET body = 'Changed.' WHERE id = 1");
        var second = await RunAsync(command);

        var counters = second.Status.Counters;
        Assert.Equal((1, 89, 30), (counters.Stored, counters.Unchanged, counters.Deleted));
        var points = ExportedPoints.Read((await QuiverProcess.RunAsync(_home.Path, ["collections", "export", "rows", "--data", _home.At("data")])).Lines);
        Assert.Equal(await schema.ListAsync($"SELECT '{schema.Name}.docs/' || id FROM docs ORDER BY 1"), points.Documents().Order(StringComparer.Ordinal));
        AssertHeldNowhere(PostgresServer.Password);
    }

    [Fact]
    public async Task Ingest_PasswordInTheAddress_IsRefusedAndKeptNowhere()
    {
        using var schema = await services.NewSchemaAsync();
        await schema.ExecuteAsync(Docs);

        await using var process = QuiverProcess.Start(
            _home.Path, ["ingest", $"postgres://app:hunter2@127.0.0.1:{schema.Server.Port}/postgres", "--table", "docs", "--collection", "rows", "--data", _home.At("data")]);

        Assert.Equal(2, await process.ExitAsync());
        Assert.Contains("PGPASSWORD", process.Error.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", process.Error.Text + process.Out.Text, StringComparison.Ordinal);
        AssertHeldNowhere("hunter2");
    }

    [Fact]
    public async Task Ingest_ServerRestartedInTheMiddle_CompletesWithEveryRow()
    {
        await using var server = await PostgresServer.StartAsync();
        using var schema = await PostgresSchema.CreateAsync(server, "s");
        await schema.ExecuteAsync(Docs);
        Dictionary<string, string> settings = new()
        {
            ["QUIVER__POSTGRES__CONNECTIONS__SHOP__CONNECTIONSTRING"] = server.ConnectionString,
            ["QUIVER__POSTGRES__PAGEROWS"] = "10",
            ["QUIVER__JOBS__BATCHDOCUMENTS"] = "8",
            ["QUIVER__JOBS__RETRYBASEDELAY"] = "00:00:00.200",
        };
        string[] command =
        [
            "ingest", "postgres://shop", "--schema", "s", "--table", "docs", "--text-column", "body", "--collection", "rows", "--json", "--verbose",
            "--where", "pg_sleep(0.01) IS NOT NULL", "--data", _home.At("data"),
        ];

        await using var process = QuiverProcess.Start(_home.Path, command, settings);
        await process.LineAsync(process.Error, static line => line.Contains("\"Category\":\"Quiver.", StringComparison.Ordinal) && line.Contains("committed", StringComparison.Ordinal), "committed batch");
        await server.StopAsync();
        await process.LineAsync(process.Error, static line => line.Contains("next attempt", StringComparison.Ordinal), "stall");
        await server.RunAsync();

        Assert.True(await process.ExitAsync() == 0, process.Describe("should have completed"));
        Assert.Equal((120, 120), Counts(UndisturbedRuns.ReportOf(process.Out)));
        AssertHeldNowhere(PostgresServer.Password);
    }

    private static (long Documents, long Stored) Counts(JobReport report) => (report.Status.Counters.Documents, report.Status.Counters.Stored);

    private async Task<JobReport> RunAsync(string[] command, int exitCode = 0) =>
        UndisturbedRuns.ReportOf(await QuiverProcess.RunAsync(_home.Path, command, [new("PGPASSWORD", PostgresServer.Password)], exitCode));

    private void AssertHeldNowhere(string secret)
    {
        if (!Directory.Exists(_home.At("data")))
        {
            return;
        }

        Assert.All(
            Directory.EnumerateFiles(_home.At("data"), "*", SearchOption.AllDirectories),
            file => Assert.False(File.ReadAllBytes(file).AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(secret)) >= 0, $"{file} holds the password."));
    }
}
