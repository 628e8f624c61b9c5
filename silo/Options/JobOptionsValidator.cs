using Microsoft.Extensions.Options;
using Quiver.Adapters.Settings;
using Quiver.Core.Jobs;

namespace Quiver.Silo.Options;

/// <summary>Checks <see cref="JobOptions"/> against the rules on its properties, and says what to change.</summary>
internal sealed class JobOptionsValidator : IValidateOptions<JobOptions>
{
    private readonly JobOptionsRules _rules = new();

    public ValidateOptionsResult Validate(string? name, JobOptions options) => SettingFaults.Describe(_rules.Validate(name, options), "Quiver:Jobs", options);
}
