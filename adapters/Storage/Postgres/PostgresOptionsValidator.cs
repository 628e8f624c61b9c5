using Microsoft.Extensions.Options;
using Quiver.Adapters.Settings;

namespace Quiver.Adapters.Storage.Postgres;

/// <summary>Validates <see cref="PostgresOptions"/>: the attributes on its properties and the named connections, whose content it never shows.</summary>
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
                errors.Add($"{setting} has a name that no address can hold; use letters, digits, '-', '_' and '.', at most 63.");
            }
            else if (!ConnectionStrings.NamesDatabase(settings.ConnectionString))
            {
                errors.Add($"{setting}:ConnectionString is not a connection string with Host and Database; write Host=…;Port=…;Database=…;Username=…;Password=….");
            }
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    /// <summary>Generated from the attributes, so that starting uses no reflection.</summary>
    [OptionsValidator]
    private sealed partial class AttributeValidator : IValidateOptions<PostgresOptions>;
}
