using Microsoft.Extensions.Options;
using Npgsql;

namespace Quiver.Adapters.Storage.Postgres;

/// <summary>
/// The connection pool of the cluster's database. Statements of one call run in one transaction and one round trip. Errors are classified
/// <see cref="QuiverException"/>s. Thread-safe.
/// </summary>
internal sealed class ClusterDatabase : IAsyncDisposable, IDisposable
{
    private readonly NpgsqlConnectionStringBuilder _settings;
    private volatile bool _isFull;

    /// <summary>Does not connect yet.</summary>
    public ClusterDatabase(IOptions<PostgresClusterOptions> options)
    {
        Options = options.Value;
        _settings = Settings(Options);
        DataSource = new NpgsqlDataSourceBuilder(_settings.ConnectionString).Build();
    }

    public PostgresClusterOptions Options { get; }

    /// <summary>The pool, for other users of the same database.</summary>
    public NpgsqlDataSource DataSource { get; }

    /// <summary>The connection string, for users that cannot share the pool. Contains the password: never log it.</summary>
    public string ConnectionString => _settings.ConnectionString;

    /// <summary>The address without credentials.</summary>
    public string Address => $"postgres://{_settings.Host}:{_settings.Port}/{_settings.Database}";

    /// <summary>Runs one or more statements in order, as one transaction. Cancellation also cancels them on the server.</summary>
    /// <returns>Rows changed by the last statement.</returns>
    /// <exception cref="QuiverException">See <see cref="PostgresFaults.Classify"/>.</exception>
    public Task<int> ExecuteAsync(IReadOnlyList<PostgresStatement> statements, CancellationToken cancellationToken) =>
        GuardAsync(
            async () =>
            {
                await using var connection = await DataSource.OpenConnectionAsync(cancellationToken);
                await using var batch = Batch(connection, statements);
                await batch.ExecuteNonQueryAsync(cancellationToken);
                return (int)batch.BatchCommands[^1].Rows;
            },
            cancellationToken);

    /// <summary>Runs one or more statements in order, as one transaction; only the last returns rows, a bounded number.</summary>
    /// <exception cref="QuiverException">See <see cref="PostgresFaults.Classify"/>.</exception>
    public Task<ImmutableArray<T>> QueryAsync<T>(
        IReadOnlyList<PostgresStatement> statements, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken) =>
        GuardAsync(
            async () =>
            {
                await using var connection = await DataSource.OpenConnectionAsync(cancellationToken);
                await using var batch = Batch(connection, statements);
                await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
                var rows = ImmutableArray.CreateBuilder<T>();
                while (await reader.ReadAsync(cancellationToken))
                {
                    rows.Add(read(reader));
                }

                // The commit is confirmed at the end of the result.
                await reader.NextResultAsync(cancellationToken);
                return rows.DrainToImmutable();
            },
            cancellationToken);

    /// <summary>True after the server refused a write because its disk is full, until <see cref="ProbeWriteAsync"/> succeeds.</summary>
    public bool IsFull => _isFull;

    /// <summary>Finds out whether the server accepts writes: inserts a row and rolls it back. The schema must exist.</summary>
    /// <exception cref="QuiverException">With <see cref="ErrorCodes.StorageFull"/> and others, see <see cref="PostgresFaults.Classify"/>.</exception>
    public Task ProbeWriteAsync(CancellationToken cancellationToken) =>
        GuardAsync(
            async () =>
            {
                await using var connection = await DataSource.OpenConnectionAsync(cancellationToken);
                await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
                await using var command = new NpgsqlCommand("INSERT INTO ledger_collections (tenant, name, info) VALUES ('', 'probe', '')", connection, transaction);
                await command.ExecuteNonQueryAsync(cancellationToken);
                await transaction.RollbackAsync(cancellationToken);
                _isFull = false;
                return true;
            },
            cancellationToken);

    /// <summary>Classifies an error of the database, and notes a full disk.</summary>
    public QuiverException Classify(Exception exception)
    {
        var fault = PostgresFaults.Classify(exception, Address);
        _isFull |= fault.Code == ErrorCodes.StorageFull;
        return fault;
    }

    /// <summary>Runs work and classifies its errors.</summary>
    public async Task<T> GuardAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken)
    {
        try
        {
            return await work();
        }
        catch (Exception exception) when (PostgresFaults.IsOne(exception))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (exception is IOException
                or NpgsqlException { InnerException: IOException or System.Net.Sockets.SocketException }
                or PostgresException { SqlState: PostgresErrorCodes.AdminShutdown })
            {
                // A restart of the server breaks all idle connections, and each would cost an attempt.
                DataSource.Clear();
            }

            throw Classify(exception);
        }
    }

    public ValueTask DisposeAsync() => DataSource.DisposeAsync();

    public void Dispose() => DataSource.Dispose();

    private static NpgsqlBatch Batch(NpgsqlConnection connection, IReadOnlyList<PostgresStatement> statements)
    {
        var batch = connection.CreateBatch();
        foreach (var statement in statements)
        {
            batch.BatchCommands.Add(statement.ToCommand());
        }

        return batch;
    }

    private static NpgsqlConnectionStringBuilder Settings(PostgresClusterOptions options)
    {
        var settings = new NpgsqlConnectionStringBuilder(options.ConnectionString)
        {
            SearchPath = options.Schema,
            Timeout = Seconds(options.ConnectTimeout),
            CommandTimeout = Seconds(options.CommandTimeout),
            Pooling = true,
            MaxPoolSize = options.MaxPoolSize,
            Enlist = false,
            PersistSecurityInfo = false,

            // Error details may contain values of rows.
            IncludeErrorDetail = false,
        };
        settings.ApplicationName ??= "quiver";
        return settings;
    }

    private static int Seconds(TimeSpan time) => (int)Math.Ceiling(time.TotalSeconds);
}

/// <summary>A statement with its parameters.</summary>
/// <param name="Sql">Parameters are <c>$1</c>, <c>$2</c> …</param>
/// <param name="Parameters">In that order.</param>
internal sealed record PostgresStatement(string Sql, params IReadOnlyList<NpgsqlParameter> Parameters)
{
    /// <summary>A parameter of the PostgreSQL type of <typeparamref name="T"/>, also for null.</summary>
    public static NpgsqlParameter Value<T>(T value) => new NpgsqlParameter<T> { TypedValue = value };

    public NpgsqlBatchCommand ToCommand()
    {
        var command = new NpgsqlBatchCommand(Sql);
        foreach (var parameter in Parameters)
        {
            command.Parameters.Add(parameter);
        }

        return command;
    }
}

/// <summary>The server and the schema of the cluster's database.</summary>
/// <param name="Server">The server's version.</param>
/// <param name="MaxConnections">Connections that the server allows for all clients.</param>
/// <param name="SchemaVersion">The version of the schema; 0 before the first migration.</param>
/// <param name="HasTables">Whether the schema has tables of the ledger.</param>
internal sealed record ClusterDatabaseInfo(string Server, int MaxConnections, int SchemaVersion, bool HasTables)
{
    /// <summary>The schema version of this program.</summary>
    public static int KnownVersion => SchemaMigration.All[^1].Version;

    /// <summary>Reads the information; changes nothing.</summary>
    /// <exception cref="QuiverException">The database cannot be reached, or denies access.</exception>
    public static async Task<ClusterDatabaseInfo> ReadAsync(ClusterDatabase database, CancellationToken cancellationToken)
    {
        var server = await database.QueryAsync(
            [
                new(
                    """
                    SELECT split_part(current_setting('server_version'), ' ', 1), current_setting('max_connections')::integer,
                        to_regclass('quiver_schema') IS NOT NULL, to_regclass('ledger_jobs') IS NOT NULL
                    """),
            ],
            static row => (Version: row.GetString(0), MaxConnections: row.GetInt32(1), HasSchema: row.GetBoolean(2), HasTables: row.GetBoolean(3)),
            cancellationToken);
        var version = server[0].HasSchema
            ? await database.QueryAsync([new("SELECT coalesce(max(version), 0) FROM quiver_schema")], static row => row.GetInt32(0), cancellationToken)
            : [0];
        return new(server[0].Version, server[0].MaxConnections, version[0], server[0].HasTables);
    }
}
