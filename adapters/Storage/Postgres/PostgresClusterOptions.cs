using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Quiver.Adapters.Storage.Postgres;

/// <summary>The database that the silos of a cluster share: ledger, grain state, reminders, membership. Section <c>Quiver:Cluster:Postgres</c>.</summary>
public sealed class PostgresClusterOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Quiver:Cluster:Postgres";

    /// <summary>
    /// The connection string in Npgsql's format: <c>Host=…;Port=…;Database=…;Username=…;Password=…;SSL Mode=…</c>. Never logged. Required.
    /// </summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>
    /// The schema of all tables, created when missing: 1 to 63 lower-case letters, digits and '_', not starting with a digit. Installations that
    /// share a database need one each. Default: <c>quiver</c>.
    /// </summary>
    public string Schema { get; set; } = "quiver";

    /// <summary>Timeout of connecting, and of waiting for a connection of the pool, 1 s to 5 min. Default: 15 s.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Timeout of a command, 1 s to 10 min. Default: 30 s.</summary>
    public TimeSpan CommandTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Maximum connections of a silo, 2 to 500; the server must allow the sum of all silos. Default: 32.</summary>
    public int MaxPoolSize { get; set; } = 32;

    /// <summary>How long a starting silo waits while another one migrates the schema, and the timeout of a migration, 1 s to 1 h. Default: 5 min.</summary>
    public TimeSpan MigrationTimeout { get; set; } = TimeSpan.FromMinutes(5);
}

/// <summary>Validates <see cref="PostgresClusterOptions"/>; reports all errors at once, without secret values.</summary>
internal sealed partial class PostgresClusterOptionsValidator : IValidateOptions<PostgresClusterOptions>
{
    /// <summary>The error of a missing connection string.</summary>
    public const string NoConnection =
        $"{Section}:{nameof(PostgresClusterOptions.ConnectionString)} is missing: the silos of a cluster share a PostgreSQL database; "
        + "set it to Host=…;Port=…;Database=…;Username=…;Password=….";

    private const string Section = PostgresClusterOptions.Section;

    public ValidateOptionsResult Validate(string? name, PostgresClusterOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        if (options.ConnectionString.Length == 0)
        {
            result.AddError(NoConnection);
        }
        else if (!ConnectionStrings.NamesDatabase(options.ConnectionString))
        {
            result.AddError(
                $"{Section}:ConnectionString is not a connection string with Host and Database; "
                + "write Host=…;Port=…;Database=…;Username=…;Password=….");
        }

        if (!SchemaName().IsMatch(options.Schema))
        {
            result.AddError($"{Section}:Schema is '{options.Schema}': use 1 to 63 lower-case letters, digits and '_', not starting with a digit or 'pg_'.");
        }

        Check(result, nameof(options.MaxPoolSize), options.MaxPoolSize, 2, 500);
        Check(result, nameof(options.ConnectTimeout), options.ConnectTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5));
        Check(result, nameof(options.CommandTimeout), options.CommandTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10));
        Check(result, nameof(options.MigrationTimeout), options.MigrationTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        return result.Build();
    }

    private static void Check<T>(ValidateOptionsResultBuilder result, string setting, T value, T min, T max)
        where T : IComparable<T>
    {
        if (value.CompareTo(min) < 0 || value.CompareTo(max) > 0)
        {
            result.AddError($"{Section}:{setting} is {value}: set it from {min} to {max}.");
        }
    }

    [GeneratedRegex(@"\A(?!pg_)[a-z_][a-z0-9_]{0,62}\z")]
    private static partial Regex SchemaName();
}

/// <summary>Checks connection strings.</summary>
internal static class ConnectionStrings
{
    /// <summary>Whether it can be parsed and names at least a host and a database.</summary>
    public static bool NamesDatabase(string text)
    {
        try
        {
            var builder = new NpgsqlConnectionStringBuilder(text);
            return !string.IsNullOrWhiteSpace(builder.Host) && !string.IsNullOrWhiteSpace(builder.Database);
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or InvalidCastException or OverflowException)
        {
            return false;
        }
    }
}
