using Microsoft.Extensions.Options;
using Npgsql;

namespace Quiver.Client.Cluster;

/// <summary>The cluster that a .NET program connects to.</summary>
public sealed class QuiverClusterClientOptions
{
    /// <summary>The silos' PostgreSQL database: <c>Host=…;Port=…;Database=…;Username=…;Password=…</c>. Never logged. Required.</summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>The database schema of the silos (<c>Quiver:Cluster:Postgres:Schema</c>). Default: <c>quiver</c>.</summary>
    public string Schema { get; set; } = "quiver";

    /// <summary>The cluster id of the silos (<c>Quiver:Cluster:ClusterId</c>). Default: <c>quiver</c>.</summary>
    public string ClusterId { get; set; } = "quiver";

    /// <summary>The service id of the silos (<c>Quiver:Cluster:ServiceId</c>). Default: <c>quiver</c>.</summary>
    public string ServiceId { get; set; } = "quiver";

    /// <summary>How often the client reads the list of silos, 1 s to 10 min; a new silo is used after at most this time. Default: 5 s.</summary>
    public TimeSpan GatewayListRefreshPeriod { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the host's start waits for a silo to answer, 0 to 10 min. Default: 30 s.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Retries of a call whose silo was lost, 0 to 10. Calls that are not safe to repeat are never retried. Default: 6.</summary>
    public int RetryAttempts { get; set; } = 6;
}

/// <summary>Reports every invalid option at once, without repeating secrets.</summary>
internal sealed class QuiverClusterClientOptionsValidator : IValidateOptions<QuiverClusterClientOptions>
{
    public ValidateOptionsResult Validate(string? name, QuiverClusterClientOptions options)
    {
        var faults = new OptionFaults();
        if (!NamesDatabase(options.ConnectionString))
        {
            faults.Add("ConnectionString does not name the silos' database: set it to Host=…;Port=…;Database=…;Username=…;Password=….");
        }

        if (options.ClusterId.Length == 0 || options.ServiceId.Length == 0)
        {
            faults.Add("ClusterId or ServiceId is empty: set both to the silos' Quiver:Cluster:ClusterId and Quiver:Cluster:ServiceId.");
        }

        faults.Range(nameof(options.GatewayListRefreshPeriod), options.GatewayListRefreshPeriod, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10));
        faults.Range(nameof(options.ConnectTimeout), options.ConnectTimeout, TimeSpan.Zero, TimeSpan.FromMinutes(10));
        faults.Range(nameof(options.RetryAttempts), options.RetryAttempts, 0, 10);
        return faults.ToResult();
    }

    private static bool NamesDatabase(string connectionString)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(connectionString) is { Host.Length: > 0, Database.Length: > 0 };
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
