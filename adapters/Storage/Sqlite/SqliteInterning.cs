using System.Globalization;

namespace Quiver.Adapters.Storage.Sqlite;

/// <summary>Interns long texts of rows as small numbers.</summary>
internal static class SqliteInterning
{
    /// <summary>Returns the number of a scope; creates it when missing. For the writing connection.</summary>
    public static long GetScope(this SqliteSession session, CollectionKey scope) =>
        session.FindScope(scope)
        ?? Number(session.Scalar("INSERT INTO scopes (key) VALUES (@key) RETURNING scope", ("@key", scope.ToString())))!.Value;

    /// <summary>Returns the number of a scope; null when it has none.</summary>
    public static long? FindScope(this SqliteSession session, CollectionKey scope) =>
        Number(session.Scalar("SELECT scope FROM scopes WHERE key = @key", ("@key", scope.ToString())));

    /// <summary>Returns the number of an origin; creates it when missing. For the writing connection.</summary>
    public static long GetOrigin(this SqliteSession session, string origin) =>
        session.FindOrigin(origin) ?? Number(session.Scalar("INSERT INTO origins (name) VALUES (@name) RETURNING origin", ("@name", origin)))!.Value;

    /// <summary>Returns the number of an origin; null when it has none.</summary>
    public static long? FindOrigin(this SqliteSession session, string origin) =>
        Number(session.Scalar("SELECT origin FROM origins WHERE name = @name", ("@name", origin)));

    private static long? Number(object? value) => value is null or DBNull ? null : Convert.ToInt64(value, CultureInfo.InvariantCulture);
}
