using Microsoft.Extensions.Options;
using Quiver.Adapters.Settings;

namespace Quiver.Silo.Hosting.Cluster;

/// <summary>Checks <see cref="ClusterOptions"/> against the rules on its properties, and says what to change.</summary>
internal sealed class ClusterOptionsValidator : IValidateOptions<ClusterOptions>
{
    private readonly ClusterOptionsRules _rules = new();

    public ValidateOptionsResult Validate(string? name, ClusterOptions options) => SettingFaults.Describe(_rules.Validate(name, options), ClusterOptions.Section, options);
}
