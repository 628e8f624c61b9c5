using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;
using Quiver.Tests.Support;
using Quiver.Tests.Unit.Architecture;

namespace Quiver.Tests.Services;

/// <summary>A PostgreSQL server of the tests' own on a loopback port, gone when disposed.</summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    public const string User = "app";
    public const string Password = "secret";
    public const string Database = "postgres";
    private const int NotInstalled = 3;

    private static readonly string Script = Path.Combine(SourceTree.Root, "tests", "Services", "postgres.sh");

    private readonly TemporaryFolder _folder = new();
    private Process? _process;
    private Task<string> _log = Task.FromResult("");

    private PostgresServer()
    {
    }

    public int Port { get; private set; }

    public string Place => $"postgres://127.0.0.1:{Port}/{Database}";

    public string ConnectionString => ConnectionStringTo(Port);

    /// <summary>A server; where there is none to be had the test is skipped and says why.</summary>
    public static async Task<PostgresServer> StartAsync()
    {
        var server = new PostgresServer();
        try
        {
            await server.MakeAsync();
            await server.RunAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public static string ConnectionStringTo(int port) =>
        $"Host=127.0.0.1;Port={port};Database={Database};Username={User};Password={Password}";

    /// <summary>Runs statements as the tables' owner.</summary>
    public async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>The first column of a query, as text.</summary>
    public async Task<List<string>> ListAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        List<string> values = [];
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            values.Add(reader.GetString(0));
        }

        return values;
    }

    /// <summary>Stops the server as an operator in a hurry does: everybody is disconnected.</summary>
    public Task StopAsync() => SignalAsync("-INT");

    /// <summary>Starts it again where it was.</summary>
    public Task RunAsync() => RunAsync(Port == 0 ? FreePort() : Port);

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await SignalAsync("-QUIT");
        }

        _folder.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static Process Start(params string[] arguments) =>
        Process.Start(new ProcessStartInfo("bash", [Script, .. arguments]) { RedirectStandardError = true })!;

    private async Task MakeAsync()
    {
        using var init = Start("init", _folder.Path);
        var error = await init.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await init.WaitForExitAsync(TestContext.Current.CancellationToken);
        if (init.ExitCode == NotInstalled)
        {
            Assert.Skip(error.Trim());
        }

        Assert.True(init.ExitCode == 0, $"initdb failed: {error}");
    }

    private async Task RunAsync(int port)
    {
        Port = port;
        _process = Start("run", _folder.Path, $"{port}");
        _log = _process.StandardError.ReadToEndAsync(CancellationToken.None);
        var started = TimeProvider.System.GetTimestamp();
        while (!await AnswersAsync())
        {
            Assert.False(_process.HasExited, $"PostgreSQL ended: {(_process.HasExited ? await _log : "")}");
            Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromMinutes(1), "PostgreSQL did not answer within a minute.");
        }
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            await using var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false;Timeout=5");
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private async Task SignalAsync(string signal)
    {
        // What idles in the tests' own pool would not survive.
        NpgsqlConnection.ClearAllPools();
        if (!_process!.HasExited)
        {
            using var kill = Process.Start("kill", [signal, $"{_process.Id}"]);
            await kill.WaitForExitAsync(CancellationToken.None);
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        await _log;
        _process.Dispose();
        _process = null;
    }
}
