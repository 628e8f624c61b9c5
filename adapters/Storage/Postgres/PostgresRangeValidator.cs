using Microsoft.Extensions.Options;
using Quiver.Adapters.Settings;

namespace Quiver.Adapters.Storage.Postgres;

/// <summary>Checks <see cref="PostgresOptions"/> against the rules on its properties, and says what to change.</summary>
internal sealed class PostgresRangeValidator : IValidateOptions<PostgresOptions>
{
    private readonly PostgresOptionsRules _rules = new();

    public ValidateOptionsResult Validate(string? name, PostgresOptions options) => SettingFaults.Describe(_rules.Validate(name, options), PostgresOptions.Section, options);
}
