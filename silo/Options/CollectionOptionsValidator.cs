using Microsoft.Extensions.Options;
using Quiver.Adapters.Settings;
using Quiver.Core.Collections;

namespace Quiver.Silo.Options;

/// <summary>Checks <see cref="CollectionOptions"/> against the rules on its properties, and says what to change.</summary>
internal sealed class CollectionOptionsValidator : IValidateOptions<CollectionOptions>
{
    private readonly CollectionOptionsRules _rules = new();

    public ValidateOptionsResult Validate(string? name, CollectionOptions options) => SettingFaults.Describe(_rules.Validate(name, options), "Quiver:Collections", options);
}
