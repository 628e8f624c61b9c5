using Microsoft.Extensions.Options;
using Npgsql;

namespace Quiver.Client.Cluster;

/// <summary>Reports all that is wrong at once, each with what to change, and repeats no secret.</summary>
internal sealed class QuiverClusterClientOptionsValidator : IValidateOptions<QuiverClusterClientOptions>
{
    public ValidateOptionsResult Validate(string? name, QuiverClusterClientOptions options)
    {
        List<string> faults = [];
        if (!NamesDatabase(options.ConnectionString))
        {
            faults.Add("ConnectionString does not name the silos' database: set it to Host=…;Port=…;Database=…;Username=…;Password=….");
        }

        if (options.ClusterId.Length == 0 || options.ServiceId.Length == 0)
        {
            faults.Add("ClusterId and ServiceId are the silos': set them to what Quiver:Cluster says there.");
        }

        if (options.GatewayListRefreshPeriod < TimeSpan.FromSeconds(1) || options.GatewayListRefreshPeriod > TimeSpan.FromMinutes(10))
        {
            faults.Add($"GatewayListRefreshPeriod is {options.GatewayListRefreshPeriod}: set it from 1 s to 10 minutes.");
        }

        if (options.ConnectTimeout < TimeSpan.Zero || options.ConnectTimeout > TimeSpan.FromMinutes(10))
        {
            faults.Add($"ConnectTimeout is {options.ConnectTimeout}: set it from 0 to 10 minutes.");
        }

        if (options.RetryAttempts is < 0 or > 10)
        {
            faults.Add($"RetryAttempts is {options.RetryAttempts}: set it from 0 to 10.");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
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
