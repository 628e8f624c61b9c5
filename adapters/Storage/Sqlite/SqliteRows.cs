namespace Quiver.Adapters.Storage.Sqlite;

/// <summary>The rows of a statement that runs; disposing it makes the statement free again.</summary>
internal readonly struct SqliteRows(SqliteStatement statement) : IDisposable
{
    /// <summary>Goes to the next row; false behind the last.</summary>
    public bool Read() => statement.Step();

    /// <summary>A column of the row, 0-based.</summary>
    public long Integer(int column) => statement.Integer(column);

    /// <summary>A column of the row, 0-based; valid until the next row.</summary>
    public ReadOnlySpan<byte> Blob(int column) => statement.Blob(column);

    public void Dispose() => statement.Reset();
}
