namespace Quiver.Adapters.Storage.Sqlite;

/// <summary>What a reading thread opens its connection with.</summary>
internal interface ISqliteConnector
{
    /// <summary>Opens a connection.</summary>
    SqliteSession Open();

    /// <summary>Runs after each work; throws when what it read may not have been one state of the database.</summary>
    void RequireUnchanged();

    /// <summary>A SQLite error as one of ours; any other as it is.</summary>
    Exception Translate(Exception error);
}
