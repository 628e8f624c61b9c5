namespace Quiver.Adapters.Storage.Postgres;

/// <summary>The database that the silos of a cluster share: ledger, grain state, reminders and membership. Section <c>Quiver:Cluster:Postgres</c>.</summary>
public sealed class PostgresClusterOptions
{
    /// <summary>The section.</summary>
    public const string Section = "Quiver:Cluster:Postgres";

    internal const int LeastMaxPoolSize = 2;
    internal const int HighestMaxPoolSize = 500;
    internal static readonly TimeSpan LeastTime = TimeSpan.FromSeconds(1);
    internal static readonly TimeSpan LongestConnectTimeout = TimeSpan.FromMinutes(5);
    internal static readonly TimeSpan LongestCommandTimeout = TimeSpan.FromMinutes(10);
    internal static readonly TimeSpan LongestMigrationTimeout = TimeSpan.FromHours(1);

    /// <summary>
    /// The connection string as Npgsql takes it: <c>Host=…;Port=…;Database=…;Username=…;Password=…;SSL Mode=…</c>. Never logged. Default: empty,
    /// which is refused.
    /// </summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>
    /// The schema of the database that holds everything, made when missing: 1 to 63 lower-case letters, digits and '_', not beginning with a
    /// digit. Installations that share a database take one each. Default: <c>quiver</c>.
    /// </summary>
    public string Schema { get; set; } = "quiver";

    /// <summary>How long connecting may take, and waiting for a connection of the pool, 1 s to 5 min. Default: 15 s.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long one command may take, 1 s to 10 min. Default: 30 s.</summary>
    public TimeSpan CommandTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The most connections of a silo, 2 to 500; the server must allow the sum over all silos. Default: 32.</summary>
    public int MaxPoolSize { get; set; } = 32;

    /// <summary>How long a starting silo waits while another one changes the schema, and how long a step of that may take, 1 s to 1 h. Default: 5 min.</summary>
    public TimeSpan MigrationTimeout { get; set; } = TimeSpan.FromMinutes(5);
}
