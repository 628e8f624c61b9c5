using Microsoft.Extensions.Options;
using Npgsql;

namespace Quiver.Adapters.Storage.Postgres;

/// <summary>The connections to each database that jobs read, of at most so many databases at a time. Thread-safe.</summary>
internal sealed class PostgresPools(IOptions<PostgresOptions> options) : IDisposable
{
    private const int MaxDatabases = 32;

    /// <summary>What the server needs to end a statement by itself before the client gives up on it.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();

    // The newest used last.
    private readonly List<(PostgresAddress Address, NpgsqlDataSource Pool)> _pools = [];

    /// <summary>The pool of a database. Ask for it each time: one that nobody asked for in a while is closed.</summary>
    /// <exception cref="InvalidRequestException">The settings know no such connection, or allow named ones only.</exception>
    public NpgsqlDataSource Get(PostgresAddress address)
    {
        lock (_lock)
        {
            var at = _pools.FindIndex(entry => entry.Address == address);
            var pool = at >= 0 ? _pools[at].Pool : Open(address);
            if (at >= 0)
            {
                _pools.RemoveAt(at);
            }

            _pools.Add((address, pool));
            if (_pools.Count > MaxDatabases)
            {
                _pools[0].Pool.Dispose();
                _pools.RemoveAt(0);
            }

            return pool;
        }
    }

    /// <summary>Refuses an address that the settings do not allow.</summary>
    /// <exception cref="InvalidRequestException">The settings know no such connection, or allow named ones only.</exception>
    public void Check(PostgresAddress address) => ConnectionString(address);

    public void Dispose()
    {
        lock (_lock)
        {
            _pools.ForEach(static entry => entry.Pool.Dispose());
            _pools.Clear();
        }
    }

    private string ConnectionString(PostgresAddress address)
    {
        if (address.Connection is { } name)
        {
            return options.Value.Connections.TryGetValue(name, out var known)
                ? known.ConnectionString
                : throw new InvalidRequestException(
                    ErrorCodes.InvalidOption,
                    $"There is no connection '{name}' in the settings: set {PostgresOptions.Section}:Connections:{name}:ConnectionString, or write postgres://host:port/database.");
        }

        return options.Value.OnlyNamedConnections
            ? throw new InvalidRequestException(
                ErrorCodes.PathNotAllowed, $"This server reads only the databases that its settings name ({PostgresOptions.Section}:OnlyNamedConnections): write postgres://name.")
            : "";
    }

    private NpgsqlDataSource Open(PostgresAddress address)
    {
        var builder = new NpgsqlDataSourceBuilder(Settings(address).ConnectionString);

        // Everything is read as text, so that no catalogue of types is needed.
        builder.ConfigureTypeLoading(static loading => loading.EnableTypeLoading(false));
        return builder.Build();
    }

    private NpgsqlConnectionStringBuilder Settings(PostgresAddress address)
    {
        var settings = new NpgsqlConnectionStringBuilder(ConnectionString(address));
        if (address.Connection is null)
        {
            (settings.Host, settings.Port, settings.Database, settings.Username) = (address.Host, address.Port, address.Database, address.User);
            if (address.SslMode is { } mode)
            {
                settings.SslMode = mode;
            }
        }

        settings.ApplicationName ??= "quiver";
        settings.Timeout = (int)Math.Ceiling(options.Value.ConnectTimeout.TotalSeconds);
        settings.CommandTimeout = (int)Math.Ceiling((options.Value.StatementTimeout + Grace).TotalSeconds);
        settings.Pooling = true;
        settings.MinPoolSize = 0;
        settings.MaxPoolSize = options.Value.MaxPoolSize;
        settings.Enlist = false;
        settings.PersistSecurityInfo = false;

        // Details of an error may hold values of rows.
        settings.IncludeErrorDetail = false;
        return settings;
    }
}
