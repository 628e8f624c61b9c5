using System.Net.Sockets;
using Npgsql;

namespace Quiver.Adapters.Storage.Postgres;

/// <summary>Says what an error of the database, or of the way to it, means for a job.</summary>
internal static class PostgresFaults
{
    /// <summary>Whether an exception is one of the database's, or of the way to it.</summary>
    public static bool IsOne(Exception error) => error is NpgsqlException or SocketException or IOException or TimeoutException or ObjectDisposedException;

    /// <summary>The error for people and programs. Messages of the server are repeated, its details, which may hold values, are not.</summary>
    /// <param name="error">What was thrown.</param>
    /// <param name="place">The database's address without credentials.</param>
    public static QuiverException Classify(Exception error, string place) => error switch
    {
        PostgresException refused => Refused(refused, place),
        NpgsqlException { InnerException: TimeoutException } => Transient(ErrorCodes.Timeout, $"The database {place} did not answer in time.", error),
        NpgsqlException { InnerException: null, IsTransient: false } when error.Message.Contains("password", StringComparison.OrdinalIgnoreCase) =>
            new InvalidRequestException(
                ErrorCodes.SourceDenied,
                $"The database {place} wants a password: give it in PGPASSWORD, in a .pgpass file, or in a connection of the settings (Quiver:Postgres:Connections).",
                error),
        NpgsqlException { InnerException: System.Security.Authentication.AuthenticationException inner } =>
            new InvalidRequestException(ErrorCodes.SourceDenied, $"The database {place} was not trusted: {inner.Message}", error),
        TimeoutException => Transient(ErrorCodes.Timeout, $"The database {place} did not answer in time.", error),
        _ => Transient(ErrorCodes.SourceUnavailable, $"The database {place} cannot be reached: {(error.InnerException ?? error).Message}", error),
    };

    /// <summary>What an error of the cluster's own database means. Nothing of a request can be at fault there.</summary>
    /// <param name="error">What was thrown.</param>
    /// <param name="place">The database's address without credentials.</param>
    public static QuiverException ClassifyStorage(Exception error, string place) => error switch
    {
        PostgresException { SqlState: PostgresErrorCodes.DiskFull } full =>
            new PermanentException(ErrorCodes.StorageFull, $"The database {place} has no room left: {full.MessageText}. Make room on its disk, then resume the job.", error),
        PostgresException { SqlState: PostgresErrorCodes.QueryCanceled } => Transient(ErrorCodes.Timeout, $"The database {place} did not answer in time.", error),
        PostgresException refused when IsPassing(refused) => Transient(ErrorCodes.StorageUnavailable, Said(refused, place), error),
        PostgresException refused => new PermanentException(ErrorCodes.StorageUnavailable, Said(refused, place), error),
        TimeoutException or NpgsqlException { InnerException: TimeoutException } => Transient(ErrorCodes.Timeout, $"The database {place} did not answer in time.", error),
        NpgsqlException { InnerException: System.Security.Authentication.AuthenticationException inner } =>
            new PermanentException(ErrorCodes.StorageUnavailable, $"The database {place} was not trusted: {inner.Message}", error),
        _ => Transient(ErrorCodes.StorageUnavailable, $"The database {place} cannot be reached: {(error.InnerException ?? error).Message}", error),
    };

    private static string Said(PostgresException error, string place) => $"The database {place} refuses: {error.MessageText} ({error.SqlState}).";

    /// <summary>
    /// Whether it may go by itself, by the first two digits, as the manual's appendix A has them: connections, transactions rolled back,
    /// resources, locks, the operator's doing, the system's.
    /// </summary>
    private static bool IsPassing(PostgresException error) => error.SqlState[..2] is "08" or "25" or "40" or "53" or "55" or "57" or "58" || error.IsTransient;

    private static QuiverException Refused(PostgresException error, string place)
    {
        var message = Said(error, place);
        return error.SqlState switch
        {
            PostgresErrorCodes.InvalidCatalogName or PostgresErrorCodes.InvalidSchemaName or PostgresErrorCodes.UndefinedTable =>
                new InvalidRequestException(ErrorCodes.PathNotFound, message, error),
            PostgresErrorCodes.InvalidPassword => new InvalidRequestException(
                ErrorCodes.SourceDenied, $"{message} The password is that of PGPASSWORD, of a .pgpass file, or of a connection of the settings ({PostgresOptions.Section}:Connections:NAME).", error),
            PostgresErrorCodes.InsufficientPrivilege => new InvalidRequestException(ErrorCodes.SourceDenied, message, error),
            PostgresErrorCodes.ReadOnlySqlTransaction =>
                new InvalidRequestException(ErrorCodes.InvalidOption, $"The filter or the view writes, which reading must not: {error.MessageText}.", error),
            PostgresErrorCodes.QueryCanceled => Transient(ErrorCodes.Timeout, $"{message} A page took longer than {PostgresOptions.Section}:StatementTimeout allows: is there an index on the key?", error),
            PostgresErrorCodes.CardinalityViolation or PostgresErrorCodes.WrongObjectType => new InvalidRequestException(ErrorCodes.InvalidOption, message, error),
            _ => OfClass(error, message),
        };
    }

    private static QuiverException OfClass(PostgresException error, string message) => error.SqlState[..2] switch
    {
        // Invalid authorization.
        "28" => new InvalidRequestException(ErrorCodes.SourceDenied, message, error),

        // A value does not fit its column, a name or an operator does not exist, a feature is missing.
        "0A" or "22" or "42" => new InvalidRequestException(ErrorCodes.InvalidOption, message, error),
        _ => IsPassing(error)
            ? Transient(ErrorCodes.SourceUnavailable, message, error)
            : new PermanentException(ErrorCodes.SourceUnavailable, message, error),
    };

    private static TransientException Transient(string code, string message, Exception error) => new(code, message, error);
}
