using System.Data;
using Npgsql;
using NpgsqlTypes;

namespace Quiver.Adapters.Storage.Postgres;

/// <summary>A read-only transaction on a connection of a pool, in which every value is written in one form whatever the database's settings are.</summary>
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
            System.Globalization.CultureInfo.InvariantCulture,
            $"""
            SELECT set_config('transaction_read_only', 'on', true), set_config('statement_timeout', '{statementTimeout.TotalMilliseconds:0}', true),
                set_config('datestyle', 'ISO, YMD', true), set_config('timezone', 'UTC', true), set_config('intervalstyle', 'postgres', true),
                set_config('extra_float_digits', '3', true), set_config('bytea_output', 'hex', true), set_config('standard_conforming_strings', 'on', true)
            """);
    }

    /// <summary>Runs something in a session and translates what goes wrong.</summary>
    /// <exception cref="QuiverException">See <see cref="PostgresFaults"/>.</exception>
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
        catch (Exception e) when (PostgresFaults.IsOne(e))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var fault = PostgresFaults.Classify(e, address.Place);
            if (fault.Kind == FaultKind.Transient)
            {
                // After a restart of the server none of the idle connections is any good, and each would cost an attempt.
                pool.Clear();
            }

            throw fault;
        }
    }

    /// <summary>Runs a query.</summary>
    /// <param name="sql">One statement, parameters as <c>$1</c>; it bounds what it gives.</param>
    /// <param name="values">Each as text in the form of whatever it is compared with.</param>
    /// <param name="read">Makes something of a row.</param>
    /// <param name="cancellationToken">Stops it, on the server too.</param>
    public async Task<List<T>> QueryAsync<T>(string sql, IEnumerable<string> values, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        // In one round trip: the settings, then the query.
        await using var batch = new NpgsqlBatch(_connection, _transaction);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(_settings));
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
        {
            // Without a type of its own the server takes it for that of the column beside it.
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

    /// <summary>Nothing was written, so that there is nothing to commit.</summary>
    public ValueTask DisposeAsync() => _transaction.DisposeAsync();
}
