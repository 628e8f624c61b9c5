using Microsoft.Data.Sqlite;

namespace Quiver.Adapters.Storage.Sqlite;

/// <summary>One connection with its prepared commands; used by one thread at a time.</summary>
internal sealed class SqliteSession : IDisposable
{
    private const int MaxCommands = 128;
    private readonly Dictionary<string, SqliteCommand> _commands = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SqliteStatement> _statements = new(StringComparer.Ordinal);
    private readonly List<SqliteDataReader> _readers = [];

    public SqliteSession(SqliteConnection connection) => Connection = connection;

    public SqliteConnection Connection { get; }

    /// <summary>The prepared command of <paramref name="sql"/>, without parameters. The session disposes it.</summary>
    public SqliteCommand Command(string sql)
    {
        if (_commands.TryGetValue(sql, out var command))
        {
            command.Parameters.Clear();
            return command;
        }

        if (_commands.Count >= MaxCommands)
        {
            DisposeCommands();
        }

        command = Connection.CreateCommand();
        command.CommandText = sql;
        _commands.Add(sql, command);
        return command;
    }

    /// <summary>Runs a statement; returns the number of changed rows.</summary>
    public int Execute(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var rows = Rows(sql, parameters);
        while (rows.Read())
        {
            // A pragma returns rows and ends when they are read.
        }

        return SQLitePCL.raw.sqlite3_changes(Connection.Handle);
    }

    /// <summary>Runs a statement; the caller disposes the rows before the statement is used again.</summary>
    public SqliteRows Rows(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var statement = Statement(sql);
        try
        {
            statement.Bind(parameters);
            return new SqliteRows(statement);
        }
        catch
        {
            statement.Reset();
            throw;
        }
    }

    /// <summary>The first column of the first row, or null.</summary>
    public object? Scalar(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters) =>
        Bind(Command(sql), parameters).ExecuteScalar();

    /// <summary>Runs a query; the caller disposes the reader before the command is used again.</summary>
    public SqliteDataReader Query(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters) =>
        Run(Bind(Command(sql), parameters));

    /// <summary>Runs a command of this session; the caller disposes the reader before the command is used again.</summary>
    public SqliteDataReader Run(SqliteCommand command)
    {
        _readers.RemoveAll(reader => reader.IsClosed);
        var reader = command.ExecuteReader();
        _readers.Add(reader);
        return reader;
    }

    /// <summary>Closes readers that work left open: a running statement holds its snapshot and cannot run again.</summary>
    public void CloseReaders()
    {
        _readers.ForEach(reader => reader.Dispose());
        _readers.Clear();
    }

    /// <summary>Rolls back the transaction, if any; false when the connection is unusable.</summary>
    public bool TryRollBack()
    {
        try
        {
            CloseReaders();
            // After some errors SQLite has already rolled back: then autocommit is on.
            if (SQLitePCL.raw.sqlite3_get_autocommit(Connection.Handle) == 0)
            {
                Execute("ROLLBACK");
            }

            return true;
        }
        catch (SqliteException)
        {
            return false;
        }
    }

    /// <summary>Aborts a running statement; the only member that any thread may call.</summary>
    public void Interrupt() => SQLitePCL.raw.sqlite3_interrupt(Connection.Handle);

    public void Dispose()
    {
        CloseReaders();
        DisposeCommands();
        Connection.Dispose();
    }

    private static SqliteCommand Bind(SqliteCommand command, ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        }

        return command;
    }

    private SqliteStatement Statement(string sql)
    {
        if (_statements.TryGetValue(sql, out var statement))
        {
            return statement;
        }

        if (_statements.Count >= MaxCommands)
        {
            DisposeCommands();
        }

        statement = new SqliteStatement(Connection, sql);
        _statements.Add(sql, statement);
        return statement;
    }

    private void DisposeCommands()
    {
        foreach (var statement in _statements.Values)
        {
            statement.Dispose();
        }

        _statements.Clear();
        foreach (var command in _commands.Values)
        {
            command.Dispose();
        }

        _commands.Clear();
    }
}
