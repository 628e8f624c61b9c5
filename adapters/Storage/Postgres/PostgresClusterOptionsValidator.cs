using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace Quiver.Adapters.Storage.Postgres;

/// <summary>Checks <see cref="PostgresClusterOptions"/> and says of every fault at once what to change, without repeating what may be a secret.</summary>
internal sealed partial class PostgresClusterOptionsValidator : IValidateOptions<PostgresClusterOptions>
{
    /// <summary>What is wrong without a database.</summary>
    public const string NoConnection =
        $"{Section}:{nameof(PostgresClusterOptions.ConnectionString)} is missing: the silos of a cluster share a PostgreSQL database; set it to Host=…;Port=…;Database=…;Username=…;Password=….";

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
            result.AddError($"{Section}:ConnectionString is not a connection string with Host and Database; write Host=…;Port=…;Database=…;Username=…;Password=….");
        }

        if (!SchemaName().IsMatch(options.Schema))
        {
            result.AddError($"{Section}:Schema is '{options.Schema}': use 1 to 63 lower-case letters, digits and '_', not beginning with a digit or 'pg_'.");
        }

        if (options.MaxPoolSize is < PostgresClusterOptions.LeastMaxPoolSize or > PostgresClusterOptions.HighestMaxPoolSize)
        {
            result.AddError($"{Section}:MaxPoolSize is {options.MaxPoolSize}: set it from {PostgresClusterOptions.LeastMaxPoolSize} to {PostgresClusterOptions.HighestMaxPoolSize}.");
        }

        CheckTime(result, nameof(options.ConnectTimeout), options.ConnectTimeout, PostgresClusterOptions.LongestConnectTimeout);
        CheckTime(result, nameof(options.CommandTimeout), options.CommandTimeout, PostgresClusterOptions.LongestCommandTimeout);
        CheckTime(result, nameof(options.MigrationTimeout), options.MigrationTimeout, PostgresClusterOptions.LongestMigrationTimeout);
        return result.Build();
    }

    private static void CheckTime(ValidateOptionsResultBuilder result, string option, TimeSpan value, TimeSpan longest)
    {
        if (value < PostgresClusterOptions.LeastTime || value > longest)
        {
            result.AddError($"{Section}:{option} is {value}: set it from {PostgresClusterOptions.LeastTime} to {longest}.");
        }
    }

    [GeneratedRegex(@"\A(?!pg_)[a-z_][a-z0-9_]{0,62}\z")]
    private static partial Regex SchemaName();
}
