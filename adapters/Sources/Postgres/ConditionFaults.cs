using Npgsql;

namespace Quiver.Adapters.Sources.Postgres;

/// <summary>Tells which option the database means when it refuses the query for a page before it has read a row.</summary>
internal static class ConditionFaults
{
    /// <summary>The error that names the options; null when the condition and the bound cannot be meant.</summary>
    /// <param name="error">What the check of the query ended with.</param>
    /// <param name="layout">The table. Its columns are known to be there, and are read as text whatever they hold.</param>
    public static InvalidRequestException? Find(PostgresException error, TableLayout layout) =>
        Blamed(error, layout) is { } option
            ? new(ErrorCodes.InvalidOption, $"The database cannot use what {option} says for {layout.Title}: {error.MessageText} ({error.SqlState}).", error)
            : null;

    private static string? Blamed(PostgresException error, TableLayout layout) => (error.SqlState, layout.Where, layout.Since) switch
    {
        (PostgresErrorCodes.UndefinedColumn or PostgresErrorCodes.SyntaxError or PostgresErrorCodes.DatatypeMismatch, not null, _) => "--where",
        _ when error.SqlState[..2] != "22" => null,
        (_, not null, not null) => "--where or --since",
        (_, not null, null) => "--where",
        (_, null, not null) => "--since",
        _ => null,
    };
}
