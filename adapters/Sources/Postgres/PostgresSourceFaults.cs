using Npgsql;
using Quiver.Adapters.Storage.Postgres;

namespace Quiver.Adapters.Sources.Postgres;

/// <summary>Classifies errors of a database that a job reads.</summary>
internal static class PostgresSourceFaults
{
    /// <summary>Classifies an error for the job. Messages contain no details, which may hold values.</summary>
    /// <param name="exception">The error.</param>
    /// <param name="address">The database's address without credentials.</param>
    public static QuiverException Classify(Exception exception, string address) => exception switch
    {
        PostgresException refused => OfServer(refused, address),
        TimeoutException or NpgsqlException { InnerException: TimeoutException } => PostgresFaults.TimedOut(exception, address),
        NpgsqlException { InnerException: null, IsTransient: false } when exception.Message.Contains("password", StringComparison.OrdinalIgnoreCase) =>
            new InvalidRequestException(
                ErrorCodes.SourceDenied,
                $"The database {address} requires a password: "
                + $"set PGPASSWORD, use a .pgpass file, or configure a connection ({PostgresOptions.Section}:Connections).",
                exception),
        NpgsqlException { InnerException: System.Security.Authentication.AuthenticationException inner } =>
            new InvalidRequestException(ErrorCodes.SourceDenied, $"The database {address} was not trusted: {inner.Message} Correct its certificate, or use a configured connection with its root certificate.", exception),
        _ => PostgresFaults.Unreachable(ErrorCodes.SourceUnavailable, exception, address),
    };

    private static QuiverException OfServer(PostgresException exception, string address)
    {
        var message = PostgresFaults.Describe(exception, address);
        return exception.SqlState switch
        {
            PostgresErrorCodes.InvalidCatalogName or PostgresErrorCodes.InvalidSchemaName or PostgresErrorCodes.UndefinedTable =>
                new InvalidRequestException(ErrorCodes.PathNotFound, message, exception),
            PostgresErrorCodes.InvalidPassword => new InvalidRequestException(
                ErrorCodes.SourceDenied,
                $"{message} The password comes from PGPASSWORD, a .pgpass file, or a configured connection ({PostgresOptions.Section}:Connections:NAME).",
                exception),
            PostgresErrorCodes.InsufficientPrivilege => new InvalidRequestException(ErrorCodes.SourceDenied, message, exception),
            PostgresErrorCodes.ReadOnlySqlTransaction => new InvalidRequestException(
                ErrorCodes.InvalidOption, $"The condition or the view writes, but a source may only read ({exception.MessageText}): remove what writes.", exception),
            PostgresErrorCodes.QueryCanceled => new TransientException(
                ErrorCodes.Timeout, $"{message} A page exceeded {PostgresOptions.Section}:StatementTimeout: check that the key has an index.", exception),
            PostgresErrorCodes.CardinalityViolation or PostgresErrorCodes.WrongObjectType =>
                new InvalidRequestException(ErrorCodes.InvalidOption, message, exception),
            _ => OfClass(exception, message),
        };
    }

    private static QuiverException OfClass(PostgresException exception, string message) => exception.SqlState[..2] switch
    {
        // Invalid authorization.
        "28" => new InvalidRequestException(ErrorCodes.SourceDenied, message, exception),

        // A value does not fit its column, a name or an operator does not exist, a feature is missing.
        "0A" or "22" or "42" => new InvalidRequestException(ErrorCodes.InvalidOption, message, exception),
        _ => PostgresFaults.IsTransient(exception)
            ? new TransientException(ErrorCodes.SourceUnavailable, message, exception)
            : new PermanentException(ErrorCodes.SourceUnavailable, message, exception),
    };
}
