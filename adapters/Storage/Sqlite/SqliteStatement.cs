using System.Buffers;
using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Quiver.Adapters.Storage.Sqlite;

/// <summary>
/// A prepared statement without ADO.NET, for statements that run once per point or text. Used by one thread at a time.
/// </summary>
internal sealed class SqliteStatement : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;
    private readonly List<string> _names = [];

    public SqliteStatement(SqliteConnection connection, string sql)
    {
        _database = connection.Handle!;
        Check(raw.sqlite3_prepare_v3(_database, sql, raw.SQLITE_PREPARE_PERSISTENT, out _statement));
        for (var i = 1; i <= raw.sqlite3_bind_parameter_count(_statement); i++)
        {
            _names.Add(raw.sqlite3_bind_parameter_name(_statement, i).utf8_to_string());
        }
    }

    /// <summary>Sets all parameters of the statement.</summary>
    public void Bind(ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        foreach (var (name, value) in parameters)
        {
            var index = _names.IndexOf(name);
            if (index < 0)
            {
                throw new ArgumentException($"The statement has no parameter {name}.", nameof(parameters));
            }

            Check(Bind(index + 1, value));
        }

        if (parameters.Length != _names.Count)
        {
            throw new ArgumentException($"The statement has {_names.Count} parameters, not {parameters.Length}.", nameof(parameters));
        }
    }

    /// <summary>Moves to the next row; false after the last.</summary>
    public bool Step()
    {
        var result = raw.sqlite3_step(_statement);
        if (result is raw.SQLITE_ROW or raw.SQLITE_DONE)
        {
            return result == raw.SQLITE_ROW;
        }

        // Reset returns the same code again; the connection has the message of the step.
        SqliteException.ThrowExceptionForRC(result, _database);
        return false;
    }

    /// <summary>A column of the row, 0-based.</summary>
    public long Integer(int column) => raw.sqlite3_column_int64(_statement, column);

    /// <summary>A column of the row, 0-based.</summary>
    public double Real(int column) => raw.sqlite3_column_double(_statement, column);

    /// <summary>A column of the row, 0-based; valid until the next step.</summary>
    public ReadOnlySpan<byte> Blob(int column) => raw.sqlite3_column_blob(_statement, column);

    /// <summary>Ends a run and releases its snapshot and parameters.</summary>
    public void Reset()
    {
        raw.sqlite3_reset(_statement);
        raw.sqlite3_clear_bindings(_statement);
    }

    public void Dispose() => _statement.Dispose();

    private int Bind(int index, object? value) => value switch
    {
        null or DBNull => raw.sqlite3_bind_null(_statement, index),
        long number => raw.sqlite3_bind_int64(_statement, index, number),
        int number => raw.sqlite3_bind_int64(_statement, index, number),
        double number => raw.sqlite3_bind_double(_statement, index, number),
        string text => BindText(index, text),
        byte[] bytes => raw.sqlite3_bind_blob(_statement, index, bytes),
        _ => throw new ArgumentException($"A parameter cannot be a {value.GetType().Name}.", nameof(value)),
    };

    /// <summary>Binds bytes: a string would end at its first NUL.</summary>
    private int BindText(int index, string text)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        try
        {
            return raw.sqlite3_bind_text(_statement, index, bytes.AsSpan(0, Encoding.UTF8.GetBytes(text, bytes)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private void Check(int result)
    {
        if (result != raw.SQLITE_OK)
        {
            SqliteException.ThrowExceptionForRC(result, _database);
        }
    }
}

/// <summary>The rows of a running statement; must be disposed before the statement runs again.</summary>
internal readonly struct SqliteRows(SqliteStatement statement) : IDisposable
{
    /// <summary>Moves to the next row; false after the last.</summary>
    public bool Read() => statement.Step();

    /// <summary>A column of the row, 0-based.</summary>
    public long Integer(int column) => statement.Integer(column);

    /// <summary>A column of the row, 0-based.</summary>
    public double Real(int column) => statement.Real(column);

    /// <summary>A column of the row, 0-based; valid until the next row.</summary>
    public ReadOnlySpan<byte> Blob(int column) => statement.Blob(column);

    public void Dispose() => statement.Reset();
}
