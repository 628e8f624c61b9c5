using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;

namespace Quiver.Adapters.Sources.Postgres;

/// <summary>The address of a database: the name of a configured connection, or host, port and database. Never contains a password.</summary>
internal sealed partial record PostgresAddress
{
    private const int DefaultPort = 5432;
    private const string Scheme = "postgres://";

    private const string Expected = "write postgres://host:port/database, or postgres://name for a configured connection (Quiver:Postgres:Connections)";

    /// <summary>The connection's name; null when the address contains host and database.</summary>
    public string? Connection { get; private init; }

    public string Host { get; private init; } = "";

    public int Port { get; private init; }

    public string Database { get; private init; } = "";

    /// <summary>Null uses <c>PGUSER</c>, or the account that runs Quiver.</summary>
    public string? User { get; private init; }

    public SslMode? SslMode { get; private init; }

    /// <summary>The address without user and options, the same for the same database.</summary>
    public string Place => Connection is not null
        ? Scheme + Connection
        : string.Create(CultureInfo.InvariantCulture, $"{Scheme}{Host}:{Port}/{Uri.EscapeDataString(Database)}");

    public static bool IsName(string text) => Name().IsMatch(text);

    /// <exception cref="InvalidRequestException">With <see cref="ErrorCodes.InvalidOption"/>. The message contains no part of the address.</exception>
    public static PostgresAddress Parse(string text)
    {
        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0 || text[..scheme].ToUpperInvariant() is not ("POSTGRES" or "POSTGRESQL"))
        {
            throw Invalid($"A source of kind postgres takes one address: {Expected}.");
        }

        if (!Uri.TryCreate(Scheme + text[(scheme + 3)..], UriKind.Absolute, out var uri) || uri.Host.Length == 0 || uri.Fragment.Length > 0)
        {
            throw Invalid($"The database's address cannot be parsed: {Expected}.");
        }

        if (uri.UserInfo.Contains(':', StringComparison.Ordinal) || uri.Query.Contains("password", StringComparison.OrdinalIgnoreCase))
        {
            throw Invalid(
                "The address contains a password, which would be stored with the job: remove it, and set PGPASSWORD, use a .pgpass file, "
                + "or configure a connection (Quiver:Postgres:Connections) and write postgres://name.");
        }

        var database = Uri.UnescapeDataString(uri.AbsolutePath).Trim('/');
        return database.Length == 0 ? Named(uri) : new PostgresAddress
        {
            Host = uri.IdnHost,
            Port = uri.Port > 0 ? uri.Port : DefaultPort,
            Database = database,
            User = uri.UserInfo.Length > 0 ? Uri.UnescapeDataString(uri.UserInfo) : null,
            SslMode = Ssl(uri.Query),
        };
    }

    /// <summary>The normalized address.</summary>
    public override string ToString()
    {
        var user = User is null ? "" : Uri.EscapeDataString(User) + "@";
        var ssl = SslMode is { } mode ? "?sslmode=" + SslModes.First(word => word.Value == mode).Key : "";
        return Scheme + user + Place[Scheme.Length..] + ssl;
    }

    private static readonly Dictionary<string, SslMode> SslModes = new(StringComparer.OrdinalIgnoreCase)
    {
        ["disable"] = Npgsql.SslMode.Disable,
        ["allow"] = Npgsql.SslMode.Allow,
        ["prefer"] = Npgsql.SslMode.Prefer,
        ["require"] = Npgsql.SslMode.Require,
        ["verify-ca"] = Npgsql.SslMode.VerifyCA,
        ["verify-full"] = Npgsql.SslMode.VerifyFull,
    };

    private static PostgresAddress Named(Uri uri) =>
        IsName(uri.Host) && uri.Port <= 0 && uri.UserInfo.Length == 0 && uri.Query.Length == 0
            ? new PostgresAddress { Connection = uri.Host }
            : throw Invalid($"The address names no database: {Expected}.");

    private static SslMode? Ssl(string query)
    {
        const string Key = "?sslmode=";
        if (query.Length == 0)
        {
            return null;
        }

        return query.StartsWith(Key, StringComparison.OrdinalIgnoreCase) && SslModes.TryGetValue(query[Key.Length..], out var mode)
            ? mode
            : throw Invalid(
                $"The only option of an address is sslmode, with one of {string.Join(", ", SslModes.Keys)}; configure a connection for all others.");
    }

    private static InvalidRequestException Invalid(string message) => new(ErrorCodes.InvalidOption, message);

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9._-]{0,62}\z")]
    private static partial Regex Name();
}
