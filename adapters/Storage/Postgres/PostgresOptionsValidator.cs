using Microsoft.Extensions.Options;

namespace Quiver.Adapters.Storage.Postgres;

/// <summary>Checks the named connections, which no attribute can, without repeating what they hold.</summary>
internal sealed class PostgresOptionsValidator : IValidateOptions<PostgresOptions>
{
    public ValidateOptionsResult Validate(string? name, PostgresOptions options)
    {
        List<string> errors = [];
        foreach (var (connection, settings) in options.Connections)
        {
            var setting = $"{PostgresOptions.Section}:Connections:{connection}";
            if (!PostgresAddress.IsName(connection.ToLowerInvariant()))
            {
                errors.Add($"{setting} has a name that no address can hold; use letters, digits, '-', '_' and '.', at most 63.");
            }
            else if (!ConnectionStrings.NamesDatabase(settings.ConnectionString))
            {
                errors.Add($"{setting}:ConnectionString is not a connection string with Host and Database; write Host=…;Port=…;Database=…;Username=…;Password=….");
            }
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
