using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;

namespace Quiver.Adapters.Storage.Postgres;

/// <summary>Where a database is: a connection of the settings by its name, or host, port and database. Never holds a password.</summary>
internal sealed partial record PostgresAddress
{
    private const int DefaultPort = 5432;
    private const string Scheme = "postgres://";

    private const string Expected = "write postgres://host:port/database, or postgres://name for a connection of the settings (Quiver:Postgres:Connections)";

    /// <summary>The connection's name; null when the address says where the database is.</summary>
    public string? Connection { get; private init; }

    public string Host { get; private init; } = "";

    public int Port { get; private init; }

    public string Database { get; private init; } = "";

    /// <summary>Null takes <c>PGUSER</c>, or the account that Quiver runs as.</summary>
    public string? User { get; private init; }

    public SslMode? SslMode { get; private init; }

    /// <summary>The place alone, without what it takes to get in: the same database has the same place.</summary>
    public string Place => Connection is not null ? Scheme + Connection : string.Create(CultureInfo.InvariantCulture, $"{Scheme}{Host}:{Port}/{Uri.EscapeDataString(Database)}");

    public static bool IsName(string text) => Name().IsMatch(text);

    /// <exception cref="InvalidRequestException">With <see cref="ErrorCodes.InvalidOption"/>. The message repeats nothing that may be a password.</exception>
    public static PostgresAddress Parse(string text)
    {
        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0 || text[..scheme].ToUpperInvariant() is not ("POSTGRES" or "POSTGRESQL"))
        {
            throw Refused($"A source of kind postgres takes one address: {Expected}.");
        }

        if (!Uri.TryCreate(Scheme + text[(scheme + 3)..], UriKind.Absolute, out var uri) || uri.Host.Length == 0 || uri.Fragment.Length > 0)
        {
            throw Refused($"The database's address cannot be understood: {Expected}.");
        }

        if (uri.UserInfo.Contains(':', StringComparison.Ordinal) || uri.Query.Contains("password", StringComparison.OrdinalIgnoreCase))
        {
            throw Refused(
                "The address holds a password, which would be kept with the job: leave it out, and give it in PGPASSWORD, in a .pgpass file, "
                + "or in a connection of the settings (Quiver:Postgres:Connections) that postgres://name stands for.");
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

    /// <summary>The address in its one form.</summary>
    public override string ToString()
    {
        var user = User is null ? "" : Uri.EscapeDataString(User) + "@";
        var ssl = SslMode is { } mode ? "?sslmode=" + SslWords.First(word => word.Value == mode).Key : "";
        return Scheme + user + Place[Scheme.Length..] + ssl;
    }

    private static readonly Dictionary<string, SslMode> SslWords = new(StringComparer.OrdinalIgnoreCase)
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
            : throw Refused($"The address names no database: {Expected}.");

    private static SslMode? Ssl(string query)
    {
        const string Key = "?sslmode=";
        if (query.Length == 0)
        {
            return null;
        }

        return query.StartsWith(Key, StringComparison.OrdinalIgnoreCase) && SslWords.TryGetValue(query[Key.Length..], out var mode)
            ? mode
            : throw Refused($"The only setting that an address may hold is sslmode, with one of {string.Join(", ", SslWords.Keys)}; everything else belongs into a connection of the settings.");
    }

    private static InvalidRequestException Refused(string message) => new(ErrorCodes.InvalidOption, message);

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9._-]{0,62}\z")]
    private static partial Regex Name();
}
