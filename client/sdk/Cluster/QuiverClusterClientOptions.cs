namespace Quiver.Client.Cluster;

/// <summary>Which cluster a .NET program talks to.</summary>
public sealed class QuiverClusterClientOptions
{
    /// <summary>The silos' database, where the client finds them: <c>Host=…;Port=…;Database=…;Username=…;Password=…</c>. Never logged. Default: empty, which is refused.</summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>The schema that the silos use: their <c>Quiver:Cluster:Postgres:Schema</c>. Default: <c>quiver</c>.</summary>
    public string Schema { get; set; } = "quiver";

    /// <summary>The silos' <c>Quiver:Cluster:ClusterId</c>. Default: <c>quiver</c>.</summary>
    public string ClusterId { get; set; } = "quiver";

    /// <summary>The silos' <c>Quiver:Cluster:ServiceId</c>. Default: <c>quiver</c>.</summary>
    public string ServiceId { get; set; } = "quiver";

    /// <summary>How often the list of silos is read, 1 s to 10 min: for so long a client may not know of a new silo. Default: 5 s.</summary>
    public TimeSpan GatewayListRefreshPeriod { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the program's start waits for a silo that answers, 0 to 10 min. Default: 30 s.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Attempts after the first at a call whose silo was lost, 0 to 10; calls that are not to be made twice are never repeated. Default: 6.</summary>
    public int RetryAttempts { get; set; } = 6;
}
