using Microsoft.Extensions.Options;
using Npgsql;

namespace Quiver.Adapters.Storage.Postgres;

/// <summary>
/// The one pool of connections to the cluster's database. Statements given together run in one transaction and one round trip. Errors are
/// Quiver's, already classified. Thread-safe.
/// </summary>
internal sealed class ClusterDatabase : IAsyncDisposable, IDisposable
{
    private readonly NpgsqlConnectionStringBuilder _settings;

    /// <summary>Opens nothing yet.</summary>
    public ClusterDatabase(IOptions<PostgresClusterOptions> options)
    {
        Options = options.Value;
        _settings = Settings(Options);
        DataSource = new NpgsqlDataSourceBuilder(_settings.ConnectionString).Build();
    }

    /// <summary>What it was made of.</summary>
    public PostgresClusterOptions Options { get; }

    /// <summary>The pool, for whatever else uses the same database.</summary>
    public NpgsqlDataSource DataSource { get; }

    /// <summary>The string that the pool was made of, for what cannot take the pool. Holds the password: never log it.</summary>
    public string ConnectionString => _settings.ConnectionString;

    /// <summary>The database without what it takes to get in.</summary>
    public string Place => $"postgres://{_settings.Host}:{_settings.Port}/{_settings.Database}";

    /// <summary>Runs statements one after the other, as one transaction.</summary>
    /// <param name="statements">At least one.</param>
    /// <param name="cancellationToken">Stops it, on the server too.</param>
    /// <returns>Rows that the last one changed.</returns>
    /// <exception cref="QuiverException">See <see cref="PostgresFaults.ClassifyStorage"/>.</exception>
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

    /// <summary>Runs statements one after the other, as one transaction; none but the last may give rows.</summary>
    /// <param name="statements">At least one. The last bounds what it gives.</param>
    /// <param name="read">Makes something of a row.</param>
    /// <param name="cancellationToken">Stops it, on the server too.</param>
    /// <exception cref="QuiverException">See <see cref="PostgresFaults.ClassifyStorage"/>.</exception>
    public Task<ImmutableArray<T>> QueryAsync<T>(IReadOnlyList<PostgresStatement> statements, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken) =>
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

                // Only at its end is it known that the transaction was committed.
                await reader.NextResultAsync(cancellationToken);
                return rows.DrainToImmutable();
            },
            cancellationToken);

    /// <summary>Translates what goes wrong.</summary>
    public async Task<T> GuardAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken)
    {
        try
        {
            return await work();
        }
        catch (Exception e) when (PostgresFaults.IsOne(e))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (e is IOException or NpgsqlException { InnerException: IOException or System.Net.Sockets.SocketException } or PostgresException { SqlState: PostgresErrorCodes.AdminShutdown })
            {
                // After a restart of the server none of the idle connections is any good, and each would cost an attempt.
                DataSource.Clear();
            }

            throw PostgresFaults.ClassifyStorage(e, Place);
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

            // Details of an error may hold values of rows.
            IncludeErrorDetail = false,
        };
        settings.ApplicationName ??= "quiver";
        return settings;
    }

    private static int Seconds(TimeSpan time) => (int)Math.Ceiling(time.TotalSeconds);
}
