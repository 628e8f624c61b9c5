namespace Quiver.Adapters.Storage.Postgres;

/// <summary>A connection that jobs may name.</summary>
public sealed class PostgresConnectionOptions
{
    /// <summary>The connection string as Npgsql takes it: <c>Host=…;Port=…;Database=…;Username=…;Password=…;SSL Mode=…</c>. Default: empty, which is refused.</summary>
    public string ConnectionString { get; set; } = "";
}
