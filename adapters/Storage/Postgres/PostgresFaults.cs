using System.Net.Sockets;
using Npgsql;

namespace Quiver.Adapters.Storage.Postgres;

/// <summary>Classifies errors of PostgreSQL and of the connection to it.</summary>
internal static class PostgresFaults
{
    /// <summary>Whether an exception comes from the database or the connection to it.</summary>
    public static bool IsOne(Exception exception) =>
        exception is NpgsqlException or SocketException or IOException or TimeoutException or ObjectDisposedException;

    /// <summary>Classifies an error of the cluster's own database; a request is never the cause. Messages contain no details, which may hold values.</summary>
    /// <param name="exception">The error.</param>
    /// <param name="address">The database's address without credentials.</param>
    public static QuiverException Classify(Exception exception, string address) => exception switch
    {
        PostgresException { SqlState: PostgresErrorCodes.DiskFull } full => new PermanentException(
            ErrorCodes.StorageFull, $"The database {address} is full: {full.MessageText}. Free space on its disk, then resume the job.", exception),
        PostgresException { SqlState: PostgresErrorCodes.QueryCanceled } => TimedOut(exception, address),
        PostgresException refused when IsTransient(refused) => new TransientException(ErrorCodes.StorageUnavailable, Describe(refused, address), exception),
        PostgresException refused => new PermanentException(ErrorCodes.StorageUnavailable, Describe(refused, address), exception),
        TimeoutException or NpgsqlException { InnerException: TimeoutException } => TimedOut(exception, address),
        NpgsqlException { InnerException: System.Security.Authentication.AuthenticationException inner } =>
            new PermanentException(ErrorCodes.StorageUnavailable, $"The database {address} was not trusted: {inner.Message} Correct its certificate, or Root Certificate and SSL Mode in the connection string.", exception),
        _ => Unreachable(ErrorCodes.StorageUnavailable, exception, address),
    };

    /// <summary>
    /// Whether the error may disappear on retry, by the class of its code (appendix A of the manual): connection, transaction rollback, resources,
    /// locks, operator intervention, system error.
    /// </summary>
    public static bool IsTransient(PostgresException exception) =>
        exception.SqlState[..2] is "08" or "25" or "40" or "53" or "55" or "57" or "58" || exception.IsTransient;

    public static string Describe(PostgresException exception, string address) =>
        $"The database {address} returned an error: {exception.MessageText} ({exception.SqlState}). The database's log has the details.";

    public static TransientException TimedOut(Exception exception, string address) =>
        new(ErrorCodes.Timeout, $"The database {address} did not answer in time: check its load, and try again.", exception);

    public static TransientException Unreachable(string code, Exception exception, string address) =>
        new(code, $"The database {address} cannot be reached: {(exception.InnerException ?? exception).Message.TrimEnd('.')}. Check that it runs, and its address in the settings.", exception);
}
