using System.Data;
using System.Globalization;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using Quiver.Adapters.Storage.Postgres;

namespace Quiver.Adapters.Sources.Postgres;

/// <summary>Connection pools of the databases that jobs read, at most 32 at a time. Thread-safe.</summary>
internal sealed class PostgresPools(IOptions<PostgresOptions> options) : IDisposable
{
    private const int MaxDatabases = 32;

    /// <summary>Additional client timeout, so that the server cancels a statement first.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();

    // The most recently used is the last.
    private readonly List<(PostgresAddress Address, NpgsqlDataSource Pool)> _pools = [];

    /// <summary>Returns the pool of a database. Do not keep it: the least recently used pools are closed.</summary>
    /// <exception cref="InvalidRequestException">The connection is not configured, or only configured connections are allowed.</exception>
    public NpgsqlDataSource Get(PostgresAddress address)
    {
        lock (_lock)
        {
            var at = _pools.FindIndex(entry => entry.Address == address);
            var pool = at >= 0 ? _pools[at].Pool : Open(address);
            if (at >= 0)
            {
                _pools.RemoveAt(at);
            }

            _pools.Add((address, pool));
            if (_pools.Count > MaxDatabases)
            {
                _pools[0].Pool.Dispose();
                _pools.RemoveAt(0);
            }

            return pool;
        }
    }

    /// <summary>Rejects an address that the settings do not allow.</summary>
    /// <exception cref="InvalidRequestException">The connection is not configured, or only configured connections are allowed.</exception>
    public void Check(PostgresAddress address) => ConnectionString(address);

    public void Dispose()
    {
        lock (_lock)
        {
            _pools.ForEach(static entry => entry.Pool.Dispose());
            _pools.Clear();
        }
    }

    private string ConnectionString(PostgresAddress address)
    {
        if (address.Connection is { } name)
        {
            return options.Value.Connections.TryGetValue(name, out var known)
                ? known.ConnectionString
                : throw new InvalidRequestException(
                    ErrorCodes.InvalidOption,
                    $"The connection '{name}' is not configured: set {PostgresOptions.Section}:Connections:{name}:ConnectionString, "
                    + "or write postgres://host:port/database.");
        }

        return options.Value.OnlyNamedConnections
            ? throw new InvalidRequestException(
                ErrorCodes.PathNotAllowed,
                $"This server reads only configured databases ({PostgresOptions.Section}:OnlyNamedConnections): write postgres://name.")
            : "";
    }

    private NpgsqlDataSource Open(PostgresAddress address)
    {
        var builder = new NpgsqlDataSourceBuilder(Settings(address).ConnectionString);

        // All values are read as text, so the catalog of types is not needed.
        builder.ConfigureTypeLoading(static loading => loading.EnableTypeLoading(false));
        return builder.Build();
    }

    private NpgsqlConnectionStringBuilder Settings(PostgresAddress address)
    {
        var settings = new NpgsqlConnectionStringBuilder(ConnectionString(address));
        if (address.Connection is null)
        {
            (settings.Host, settings.Port, settings.Database, settings.Username) = (address.Host, address.Port, address.Database, address.User);
            if (address.SslMode is { } mode)
            {
                settings.SslMode = mode;
            }
        }

        settings.ApplicationName ??= "quiver";
        settings.Timeout = (int)Math.Ceiling(options.Value.ConnectTimeout.TotalSeconds);
        settings.CommandTimeout = (int)Math.Ceiling((options.Value.StatementTimeout + Grace).TotalSeconds);
        settings.Pooling = true;
        settings.MinPoolSize = 0;
        settings.MaxPoolSize = options.Value.MaxPoolSize;
        settings.Enlist = false;
        settings.PersistSecurityInfo = false;

        // Error details may contain values of rows.
        settings.IncludeErrorDetail = false;
        return settings;
    }
}

/// <summary>A read-only transaction in which values have the same text form whatever the database's settings are.</summary>
internal sealed class PostgresSession : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;
    private readonly string _settings;

    private PostgresSession(NpgsqlConnection connection, NpgsqlTransaction transaction, TimeSpan statementTimeout)
    {
        _connection = connection;
        _transaction = transaction;
        _settings = string.Create(
            CultureInfo.InvariantCulture,
            $"""
            SELECT set_config('transaction_read_only', 'on', true), set_config('statement_timeout', '{statementTimeout.TotalMilliseconds:0}', true),
                set_config('datestyle', 'ISO, YMD', true), set_config('timezone', 'UTC', true), set_config('intervalstyle', 'postgres', true),
                set_config('extra_float_digits', '3', true), set_config('bytea_output', 'hex', true), set_config('standard_conforming_strings', 'on', true)
            """);
    }

    /// <summary>Runs an action in a session and classifies its errors.</summary>
    /// <exception cref="QuiverException">See <see cref="PostgresSourceFaults"/>.</exception>
    public static async Task<T> RunAsync<T>(
        PostgresPools pools, PostgresAddress address, TimeSpan statementTimeout, Func<PostgresSession, Task<T>> action, CancellationToken cancellationToken)
    {
        var pool = pools.Get(address);
        try
        {
            await using var connection = await pool.OpenConnectionAsync(cancellationToken);
            await using var session = new PostgresSession(
                connection, await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken), statementTimeout);
            return await action(session);
        }
        catch (Exception exception) when (PostgresFaults.IsOne(exception))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var fault = PostgresSourceFaults.Classify(exception, address.Place);
            if (fault.Kind == FaultKind.Transient)
            {
                // A restart of the server breaks all idle connections, and each would cost an attempt.
                pool.Clear();
            }

            throw fault;
        }
    }

    /// <summary>Runs a query. Cancellation also cancels it on the server.</summary>
    /// <param name="sql">One statement with a bounded result; parameters are <c>$1</c> …</param>
    /// <param name="values">The parameters, as text in the form of the columns that they are compared with.</param>
    /// <param name="read">Converts a row.</param>
    /// <param name="cancellationToken">Cancels the query.</param>
    public async Task<List<T>> QueryAsync<T>(string sql, IEnumerable<string> values, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        // The settings and the query, in one round trip.
        await using var batch = new NpgsqlBatch(_connection, _transaction);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(_settings));
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
        {
            // An untyped parameter gets the type of the column that it is compared with.
            command.Parameters.Add(new NpgsqlParameter { Value = value, NpgsqlDbType = NpgsqlDbType.Unknown });
        }

        batch.BatchCommands.Add(command);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        List<T> rows = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    /// <summary>Rolls back: nothing was written.</summary>
    public ValueTask DisposeAsync() => _transaction.DisposeAsync();
}
