using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using Quiver.Adapters.Settings;
using Quiver.Adapters.Storage.Postgres;
using Quiver.Core.Formats;

namespace Quiver.Adapters.Sources.Postgres;

/// <summary>Settings of reading tables of PostgreSQL, section <c>Quiver:Postgres</c>.</summary>
public sealed class PostgresOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Quiver:Postgres";

    /// <summary>Connections by name, for <c>postgres://name</c>; they may contain passwords. Default: none.</summary>
    public IDictionary<string, PostgresConnectionOptions> Connections { get; } =
        new Dictionary<string, PostgresConnectionOptions>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether jobs may use only <see cref="Connections"/>, and no other host. Default: false.</summary>
    public bool OnlyNamedConnections { get; set; }

    /// <summary>Maximum rows of a page, 1 to 10,000. Default: 500.</summary>
    [Range(1, 10_000)]
    public int PageRows { get; set; } = 500;

    /// <summary>Bytes of a page after which no further row is fetched, 65,536 to 67,108,864. Default: 8,388,608 (8 MiB).</summary>
    [Range(64 * 1024, 64 * 1024 * 1024)]
    public int PageBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>Maximum bytes of a document unless the source sets its own, 1 to 67,108,864. Default: 4,194,304 (4 MiB).</summary>
    [Range(1, RecordConstants.LargestMaxDocumentBytes)]
    public int MaxDocumentBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>Timeout of connecting, and of waiting for a connection of the pool, 1 s to 5 min. Default: 15 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Timeout of the statement of a page, 1 s to 1 h. Default: 1 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan StatementTimeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Maximum connections to one database, 1 to 100. Default: 8.</summary>
    [Range(1, 100)]
    public int MaxPoolSize { get; set; } = 8;
}

/// <summary>A connection that jobs may name.</summary>
public sealed class PostgresConnectionOptions
{
    /// <summary>The connection string in Npgsql's format: <c>Host=…;Port=…;Database=…;Username=…;Password=…;SSL Mode=…</c>. Required.</summary>
    public string ConnectionString { get; set; } = "";
}

/// <summary>Validates the ranges and the named connections; messages contain no part of a connection's values.</summary>
internal sealed partial class PostgresOptionsValidator : IValidateOptions<PostgresOptions>
{
    private readonly AttributeValidator _attributes = new();

    public ValidateOptionsResult Validate(string? name, PostgresOptions options)
    {
        List<string> errors = [.. SettingFaults.Describe(_attributes.Validate(name, options), PostgresOptions.Section, options).Failures ?? []];
        foreach (var (connection, settings) in options.Connections)
        {
            var setting = $"{PostgresOptions.Section}:Connections:{connection}";
            if (!PostgresAddress.IsName(connection.ToLowerInvariant()))
            {
                errors.Add($"{setting} has an invalid name; use letters, digits, '-', '_' and '.', at most 63.");
            }
            else if (!ConnectionStrings.NamesDatabase(settings.ConnectionString))
            {
                errors.Add(
                    $"{setting}:ConnectionString is not a connection string with Host and Database; "
                    + "write Host=…;Port=…;Database=…;Username=…;Password=….");
            }
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    /// <summary>Generated from the attributes, so that startup needs no reflection.</summary>
    [OptionsValidator]
    private sealed partial class AttributeValidator : IValidateOptions<PostgresOptions>;
}
