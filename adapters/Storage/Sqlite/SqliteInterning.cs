using System.Globalization;

namespace Quiver.Adapters.Storage.Sqlite;

/// <summary>Small numbers that stand for long text in rows.</summary>
internal static class SqliteInterning
{
    /// <summary>The number of a scope, made when missing. For the writing connection.</summary>
    public static long GetScope(this SqliteSession session, CollectionKey scope) =>
        session.FindScope(scope) ?? Number(session.Scalar("INSERT INTO scopes (key) VALUES (@key) RETURNING scope", ("@key", scope.ToString())))!.Value;

    /// <summary>The number of a scope; null when nothing was ever stored in it.</summary>
    public static long? FindScope(this SqliteSession session, CollectionKey scope) =>
        Number(session.Scalar("SELECT scope FROM scopes WHERE key = @key", ("@key", scope.ToString())));

    /// <summary>The number of an origin, made when missing. For the writing connection.</summary>
    public static long GetOrigin(this SqliteSession session, string origin) =>
        session.FindOrigin(origin) ?? Number(session.Scalar("INSERT INTO origins (name) VALUES (@name) RETURNING origin", ("@name", origin)))!.Value;

    /// <summary>The number of an origin; null when it is unknown.</summary>
    public static long? FindOrigin(this SqliteSession session, string origin) =>
        Number(session.Scalar("SELECT origin FROM origins WHERE name = @name", ("@name", origin)));

    private static long? Number(object? value) => value is null or DBNull ? null : Convert.ToInt64(value, CultureInfo.InvariantCulture);
}
